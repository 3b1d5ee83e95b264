import { ALPN, connectPair, firstStream, pattern, record, text } from '@0k-sync/testkit/stream';
import t from 'tap';
import { QuicTransport } from '../src/quic/index.ts';
import { startProxy } from './udp-proxy.ts';

const transport = new QuicTransport();
const HOST = '127.0.0.1';
const ends = { dialer: transport, acceptor: transport, host: HOST };
const LOSSES = 10;
const BARE_DATAGRAM_BYTES = 100;

t.test('close hands over what was written though every tenth datagram is lost', async (t) => {
  for (let round = 0; round < 3; round += 1) {
    const accepted = Promise.withResolvers<Awaited<ReturnType<typeof firstStream>>>();
    const listener = await transport.listen({ host: HOST, port: 0, alpns: [ALPN] }, (connection) => {
      firstStream(connection).then(accepted.resolve);
    });
    let index = round;
    // The close itself is never dropped: QUIC repeats it only when asked (RFC 9000 section 10.2.1).
    const isLucky = (datagram: Uint8Array) => {
      index += 1;
      return datagram.length < BARE_DATAGRAM_BYTES || index % LOSSES !== 0;
    };
    const proxy = await startProxy(listener.port, { toServer: isLucky, toClient: isLucky });
    const client = await transport.connect(proxy, { alpn: ALPN });
    const stream = client.openStream();
    const bytes = pattern(300_000, round);
    stream.write(bytes.slice());
    stream.end();
    await client.close(7, 'done');
    const { recorder } = await accepted.promise;
    await recorder.closedWith;
    t.ok(Buffer.compare(recorder.whole(), bytes) === 0, `round ${round}`);
    t.same(recorder.events, ['data', 'end', 'closed 7']);
    await listener.close();
    proxy.close();
  }
});

t.test('close waits only so long for a network that takes nothing', async (t) => {
  const hasty = new QuicTransport({ drainTimeoutMs: 100 });
  let isReachable = true;
  const listener = await transport.listen({ host: HOST, port: 0, alpns: [ALPN] }, () => {});
  const proxy = await startProxy(listener.port, { toServer: () => isReachable, toClient: () => isReachable });
  const client = await hasty.connect(proxy, { alpn: ALPN });
  const stream = client.openStream();
  isReachable = false;
  stream.write(pattern(20_000_000));
  await client.close(0);
  t.match(await client.closed, { code: 0, remote: false, lost: false });
  isReachable = true;
  await listener.close();
  proxy.close();
});

t.test('bytesOut of earlier traffic does not pass for bytes still to be sent', async (t) => {
  const { client, server, listener } = await connectPair(ends);
  const accepted = firstStream(server);
  const near = client.openStream();
  const nearRecorder = record(near);
  near.write(pattern(1_000_000));
  const { stream: far, recorder } = await accepted;
  await recorder.received(1_000_000);
  far.write(pattern(5_000_000));
  far.end();
  await server.close(3);
  await nearRecorder.closedWith;
  t.equal(nearRecorder.bytes, 5_000_000);
  await listener.close();
});

t.test('closing right after a reset does not wait for what the reset gave up', async (t) => {
  const patient = new QuicTransport({ drainTimeoutMs: 3_600_000 });
  const { client, server, listener } = await connectPair({ ...ends, dialer: patient });
  const accepted = firstStream(server);
  const stream = client.openStream();
  stream.write(pattern(10_000_000));
  await accepted;
  stream.reset(5);
  await client.close(6);
  t.pass('it waited for no drain, which may take an hour here');
  t.match(await server.closed, { code: 6, remote: true });
  await listener.close();
});

t.test('several connections of a listener closing at once, each with its own last words', async (t) => {
  const served: Promise<unknown>[] = [];
  const listener = await transport.listen({ host: HOST, port: 0, alpns: [ALPN] }, (connection) => {
    served.push(
      firstStream(connection).then(({ stream }) => {
        stream.write(text('shutting down'));
        return connection.close(3001, 'shutting down');
      }),
    );
  });
  const clients = await Promise.all(Array.from({ length: 10 }, () => transport.connect(listener, { alpn: ALPN })));
  const recorders = clients.map((client) => {
    const stream = client.openStream();
    stream.write(text('x'));
    return record(stream);
  });
  t.same(new Set(await Promise.all(recorders.map(({ closedWith }) => closedWith))), new Set([3001]));
  t.ok(recorders.every((recorder) => Buffer.from(recorder.whole()).toString() === 'shutting down'));
  await Promise.all(served);
  await listener.close();
});
