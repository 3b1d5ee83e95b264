import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { networkInterfaces } from 'node:os';
import { ALPN, connectPair, firstStream, record, text } from '@0k-sync/testkit/stream';
import t from 'tap';
import { QuicTransport } from '../src/quic/index.ts';
import { startProxy } from './udp-proxy.ts';

const transport = new QuicTransport();
const HOST = '127.0.0.1';
const ends = { dialer: transport, acceptor: transport, host: HOST };

/** A UDP port that takes everything and answers nothing. */
async function startSilence() {
  const socket = createSocket('udp4');
  socket.bind(0, HOST);
  await once(socket, 'listening');
  return { host: HOST, port: socket.address().port, close: () => socket.close() };
}

t.test('without the native package: unavailable, with what to install', async (t) => {
  const hooks = registerHooks({
    resolve(specifier, context, nextResolve) {
      if (specifier !== '@currentspace/http3') return nextResolve(specifier, context);
      throw Object.assign(new Error(`Cannot find package '${specifier}'`), { code: 'ERR_MODULE_NOT_FOUND' });
    },
  });
  t.teardown(() => hooks.deregister());
  const unavailable = { name: 'TransportError', kind: 'unavailable', hint: /npm install @currentspace\/http3@0\.9\.0/ };
  await t.rejects(transport.connect({ host: HOST, port: 1 }, { alpn: ALPN }), unavailable);
  await t.rejects(
    transport.listen({ host: HOST, port: 0, alpns: [ALPN] }, () => {}),
    unavailable,
  );
});

t.test('nobody answers: timeout after the time given', async (t) => {
  const silence = await startSilence();
  const expected = { name: 'TransportError', kind: 'timeout', message: /within 200 ms/ };
  await t.rejects(transport.connect(silence, { alpn: ALPN, timeoutMs: 200 }), expected);
  silence.close();
});

t.test('an aborted signal ends waiting for an answer', async (t) => {
  const silence = await startSilence();
  const signal = AbortSignal.timeout(100);
  await t.rejects(transport.connect(silence, { alpn: ALPN, signal }), {
    name: 'TransportError',
    kind: 'aborted',
  });
  silence.close();
});

t.test('a name without address', async (t) => {
  const target = { host: 'no such host', port: 1 };
  await t.rejects(transport.connect(target, { alpn: ALPN }), { name: 'TransportError', kind: 'name-not-found' });
  await t.rejects(
    transport.listen({ ...target, alpns: [ALPN] }, () => {}),
    { name: 'TransportError', kind: 'name-not-found' },
  );
});

t.test('an address that is not of this machine', async (t) => {
  const listening = transport.listen({ host: '203.0.113.7', port: 0, alpns: [ALPN] }, () => {});
  await t.rejects(listening, { name: 'TransportError', kind: 'address-unavailable', message: /203\.0\.113\.7/ });
});

t.test('host names and IPv6 addresses, to listen and to connect', async (t) => {
  const hasIpv6 = Object.values(networkInterfaces()).some((addresses) =>
    addresses?.some((each) => each.address === '::1'),
  );
  for (const host of hasIpv6 ? ['localhost', '::1'] : ['localhost']) {
    const { client, server, listener } = await connectPair({ ...ends, host });
    const accepted = firstStream(server);
    client.openStream().write(text('x'));
    await (await accepted).recorder.received(1);
    t.match(server.remote, { host: host === '::1' ? '::1' : HOST, port: Number });
    t.same(client.remote, { host, port: listener.port });
    await listener.close();
  }
});

t.test('the portable runtime is used, not io_uring', async (t) => {
  const before = countRings();
  const { listener } = await connectPair(ends);
  t.equal(countRings(), before, 'libuv may have rings of its own');
  await listener.close();
});

/** Open io_uring instances of this process; 0 where the system does not show them. */
function countRings(): number {
  const directory = '/proc/self/fd';
  if (!existsSync(directory)) return 0;
  return readdirSync(directory).filter((fd) => linkOf(`${directory}/${fd}`).includes('io_uring')).length;
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    // The file was closed meanwhile.
    return '';
  }
}

t.test('a client has to prove its address: the first answer is a Retry packet', async (t) => {
  const listener = await transport.listen({ host: HOST, port: 0, alpns: [ALPN] }, () => {});
  const fromListener: number[] = [];
  const proxy = await startProxy(listener.port, {
    toClient: (datagram) => {
      fromListener.push(datagram[0] ?? 0);
      return true;
    },
  });
  const client = await transport.connect(proxy, { alpn: ALPN });
  // Long header form, fixed bit, type 3 (RFC 9000 section 17.2.5).
  t.equal((fromListener[0] ?? 0) & 0xf0, 0xf0);
  await client.close(0);
  await listener.close();
  proxy.close();
});

t.test('a peer that vanished: lost after the idle timeout', async (t) => {
  const impatient = new QuicTransport({ idleTimeoutMs: 400, keepAliveMs: 100 });
  let isReachable = true;
  const listener = await impatient.listen({ host: HOST, port: 0, alpns: [ALPN] }, () => {});
  const proxy = await startProxy(listener.port, { toClient: () => isReachable, toServer: () => isReachable });
  const client = await impatient.connect(proxy, { alpn: ALPN });
  const recorder = record(client.openStream());
  isReachable = false;
  t.match(await client.closed, { code: 0, remote: false, lost: true });
  t.same(recorder.events, ['closed 0']);
  await listener.close();
  proxy.close();
});

t.test('an idle connection is kept alive by the end that dialled', async (t) => {
  const impatient = new QuicTransport({ idleTimeoutMs: 2000, keepAliveMs: 100 });
  const { promise: manyPings, resolve } = Promise.withResolvers<void>();
  let datagrams = 0;
  let isIdle = false;
  const accepted = Promise.withResolvers<Awaited<ReturnType<typeof firstStream>>>();
  const listener = await impatient.listen({ host: HOST, port: 0, alpns: [ALPN] }, (connection) => {
    firstStream(connection).then(accepted.resolve);
  });
  const proxy = await startProxy(listener.port, {
    toServer: () => {
      if (isIdle) datagrams += 1;
      if (datagrams === 30) resolve();
      return true;
    },
  });
  const client = await impatient.connect(proxy, { alpn: ALPN });
  isIdle = true;
  await manyPings;
  client.openStream().write(text('still here'));
  t.same(await (await accepted.promise).recorder.received(10), Buffer.from('still here'));
  await client.close(0);
  await listener.close();
  proxy.close();
});

t.test('without keep-alive an idle connection is lost at both ends', async (t) => {
  const lazy = new QuicTransport({ idleTimeoutMs: 300, keepAliveMs: 60_000 });
  const { client, server, listener } = await connectPair({ dialer: lazy, acceptor: lazy, host: HOST });
  t.match(await client.closed, { lost: true });
  t.match(await server.closed, { lost: true });
  await listener.close();
});

t.test('connections over the limit are refused, those that stand go on', async (t) => {
  const { client, server, listener } = await connectPair(ends, { limits: { connectionsMax: 1 } });
  await t.rejects(transport.connect(listener, { alpn: ALPN, timeoutMs: 500 }), { name: 'TransportError' });
  const accepted = firstStream(server);
  client.openStream().write(text('x'));
  await (await accepted).recorder.received(1);
  await listener.close();
});

t.test('datagrams that are no QUIC packets harm nothing', async (t) => {
  const { client, server, listener } = await connectPair(ends);
  const socket = createSocket('udp4');
  for (let length = 0; length < 1_500; length += 7) {
    socket.send(new Uint8Array(length).fill(length & 0xff), listener.port, HOST);
  }
  const accepted = firstStream(server);
  client.openStream().write(text('x'));
  t.equal((await (await accepted).recorder.received(1)).length, 1);
  socket.close();
  await listener.close();
});
