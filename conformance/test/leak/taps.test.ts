import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { utf8 } from '@0k-sync/core/bytes';
import { patterns } from '@0k-sync/generated/patterns';
import { MemoryNetwork } from '@0k-sync/transport/memory';
import t from 'tap';
import { PacketTap } from '../../src/leak/packet-tap.ts';
import { findLeaks } from '../../src/leak/search.ts';
import { StreamTap } from '../../src/leak/stream-tap.ts';

const secret = utf8('a canary in clear on the wire');
const answer = utf8('and one in the answer');
const canaries = [
  { name: 'request', secret },
  { name: 'answer', secret: answer },
];
const both = [
  { canary: 'request', place: 'network', form: 'raw' },
  { canary: 'answer', place: 'network', form: 'raw' },
];

t.test('SC-23 self-test: what is sent in clear in a datagram, or back, is seen by the packet tap', async (t) => {
  const server = createSocket('udp4').bind(0, '127.0.0.1');
  const client = createSocket('udp4');
  t.teardown(() => [server, client].map((socket) => socket.close()));
  await once(server, 'listening');
  server.on('message', (_, { port, address }) => server.send(answer, port, address));
  const tap = await PacketTap.open({ host: '127.0.0.1', port: server.address().port });
  t.teardown(() => tap.close());
  client.send(secret, tap.address.port, tap.address.host);
  const [datagram] = await once(client, 'message');
  t.strictSame(new Uint8Array(datagram), answer, 'the tap passes it on');
  t.strictSame(findLeaks([{ name: 'network', content: tap.captured }], canaries), both);
});

t.test('SC-23 self-test: what TLS carries in clear, either way, is seen by the stream tap', async (t) => {
  const network = new MemoryNetwork();
  const alpns = [patterns.hybrid.alpn];
  const relay = await network.transport('relay').listen({ host: 'relay', port: 1, alpns }, (connection) =>
    connection.onStream((stream) =>
      stream.receive({
        data: () => stream.write(answer.slice()),
        end: () => stream.end(),
        closed: () => {},
      }),
    ),
  );
  t.teardown(() => relay.close());
  const tap = await StreamTap.open(network.transport('127.0.0.1'), relay);
  t.teardown(() => tap.close());
  const client = await network.transport('client').connect(tap.address, { alpn: patterns.hybrid.alpn });
  const stream = client.openStream();
  const { promise, resolve } = Promise.withResolvers<Uint8Array>();
  stream.receive({ data: resolve, end: () => {}, closed: () => {} });
  stream.write(secret.slice());
  t.strictSame(await promise, answer, 'the tap passes it on');
  await client.close(7);
  t.strictSame(findLeaks([{ name: 'network', content: tap.captured }], canaries), both);
});
