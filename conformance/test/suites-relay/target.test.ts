import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { crypto, random } from '@0k-sync/testkit/crypto';
import { ScriptedRelay } from '@0k-sync/testkit/relay';
import { QuicTransport } from '@0k-sync/transport/quic';
import t from 'tap';
import { connectTarget, TargetError } from '../../src/suites/relay/index.ts';

// Processes and real QUIC, on whatever machine this is.
t.setTimeout(180_000);

const relay = new ScriptedRelay({ crypto, random, transport: new QuicTransport() });
const address = await relay.listen();
const { nodeId, kemHash } = relay.keys;
t.teardown(() => relay.stop());

/** Longest time until a target is named for what it is, ms: what takes longer hangs. */
const BOUND_MS = 60_000;

async function refusal(target: Parameters<typeof connectTarget>[0]): Promise<TargetError> {
  const from = performance.now();
  const error = await connectTarget(target).then(
    () => undefined,
    (failure: unknown) => failure,
  );
  t.ok(performance.now() - from < BOUND_MS, 'in bounded time');
  if (!(error instanceof TargetError)) throw new Error('no TargetError', { cause: error });
  t.not(error.hint, '');
  return error;
}

t.test('the relay that was named is taken', async (t) => {
  const target = { address, nodeId, kemHash };
  t.equal(await connectTarget(target), target);
});

t.test('a relay with other keys is named', async (t) => {
  t.match((await refusal({ address, nodeId: random(32) })).message, /is another one: its NodeId is [a-z0-9]{52}/);
  t.match((await refusal({ address, nodeId, kemHash: random(32) })).message, /another KEM key/);
});

t.test('a port where nothing listens is named', async (t) => {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  await once(socket, 'close');
  const { message } = await refusal({ address: { host: '127.0.0.1', port }, nodeId });
  t.match(message, new RegExp(`no relay can be reached at 127\\.0\\.0\\.1:${port}`));
});

t.test('a UDP echo is named', async (t) => {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  socket.on('message', (datagram, { port, address: host }) => socket.send(datagram, port, host));
  await once(socket, 'listening');
  t.teardown(() => socket.close());
  const { message } = await refusal({ address: { host: '127.0.0.1', port: socket.address().port }, nodeId });
  t.match(message, /no relay can be reached at/);
});

t.test('a QUIC server that is no relay is named', async (t) => {
  const listener = await new QuicTransport().listen(
    { host: '127.0.0.1', port: 0, alpns: ['/0k-sync/2'] },
    (connection) =>
      connection.onStream((stream) =>
        stream.receive({ data: (bytes) => stream.write(bytes.slice()), end: () => stream.end(), closed: () => {} }),
      ),
  );
  t.teardown(() => listener.close());
  const { message } = await refusal({ address: { host: '127.0.0.1', port: listener.port }, nodeId });
  t.match(message, /speaks QUIC but does not shake hands as a 0k-sync relay/);
});
