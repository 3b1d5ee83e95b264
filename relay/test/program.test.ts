import { createSocket } from 'node:dgram';
import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { zBase32 } from '@0k-sync/core/bytes';
import { errors } from '@0k-sync/generated/errors';
import { Device, placeOf } from '@0k-sync/testkit/author';
import { freeTcpPort } from '@0k-sync/testkit/ports';
import { RawClient, type RawClientConfig } from '@0k-sync/testkit/raw';
import { localAddresses, QuicTransport } from '@0k-sync/transport/quic';
import t from 'tap';
import { get } from './support/http.ts';
import { RelayProcess } from './support/process.ts';

const transport = new QuicTransport();
const NO_ADMIN = '[http]\nenabled = false\n';

function connect({ address }: Pick<RelayProcess, 'address'>, options: RawClientConfig = {}): Promise<RawClient> {
  return RawClient.connect(transport, address, { patienceMs: Number.POSITIVE_INFINITY, ...options });
}

t.test('RL-21 RL-60 t_conn_01 SIGKILL in the middle: same keys, everything acknowledged is there', async (t) => {
  const directory = t.testdir();
  const first = await RelayProcess.start(t, directory, NO_ADMIN);
  const device = new Device();
  const client = await connect(first);
  await client.hello(device);
  t.ok(first.pin.startsWith(`${zBase32(client.nodeId)}.`), 'HS-21 the pin names the key that the handshake proved');
  let acknowledged = 0n;
  for (let round = 0; round < 20; round += 1) {
    const { results } = await client.push(device.items(10));
    acknowledged = results.at(-1)?.cursor ?? 0n;
  }
  for (let more = 0; more < 50; more += 1) client.send({ $case: 'push', value: { items: device.items(5) } });
  await first.end('SIGKILL');
  const second = await RelayProcess.start(t, directory, NO_ADMIN, first.address.port);
  t.equal(second.pin, first.pin);
  const again = await connect(second, { suite: 'classical' });
  const ack = await again.hello(device, { enrolment: false });
  t.ok(ack.head >= acknowledged, `${ack.head} of ${acknowledged}`);
  t.equal(placeOf(ack.ownHead).sequence, Number(ack.head));
  const page = await again.pullSegment();
  t.same(
    page.envelopes.map(({ cursor }) => cursor),
    page.envelopes.map((_, index) => BigInt(index + 1)),
  );
  await again.close();
  t.equal(await second.end('SIGTERM'), 0);
});

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  t.test(`RL-67 SE-21 ${signal} tells the sessions, finishes what was begun and ends with 0`, async (t) => {
    const relay = await RelayProcess.start(t, t.testdir(), NO_ADMIN);
    const device = new Device();
    const client = await connect(relay);
    await client.hello(device);
    client.send({ $case: 'push', value: { items: device.items(1) } });
    const push = await client.expectNext('pushAck');
    t.equal(push.results[0]?.cursor, 1n);
    const ended = relay.end(signal);
    const goAway = await client.expectNext('goAway');
    t.equal(goAway.code, errors.RELAY_SHUTTING_DOWN.number);
    client.send({ $case: 'push', value: { items: device.items(1) } });
    t.equal(await client.expectError(), errors.RELAY_SHUTTING_DOWN.number);
    t.equal(await client.leave(), 0);
    t.equal(await ended, 0);
  });
}

t.test('SC-22 random bytes over real QUIC, in a stream of their own or instead of one', async (t) => {
  const relay = await RelayProcess.start(t, t.testdir(), NO_ADMIN);
  const socket = createSocket('udp4');
  for (let index = 0; index < 200; index += 1) {
    socket.send(crypto.getRandomValues(new Uint8Array(1 + index * 6)), relay.address.port, relay.address.host);
  }
  const connection = await transport.connect(relay.address, { alpn: '/0k-sync/2' });
  const stream = connection.openStream();
  stream.receive({ data: () => {}, end: () => {}, closed: () => {} });
  stream.write(crypto.getRandomValues(new Uint8Array(5000)));
  t.equal((await connection.closed).code, errors.HANDSHAKE_MALFORMED.number);
  const client = await connect(relay);
  const device = new Device();
  await client.hello(device);
  await client.push(device.items(1));
  socket.close();
  await client.close();
});

t.test('server.advertise is what clients are given', async (t) => {
  const directory = t.testdir();
  const relay = await RelayProcess.start(t, directory, NO_ADMIN);
  t.match(relay.pin, /^[a-z0-9]{52}\.[a-z0-9]{52}@127\.0\.0\.1:\d+$/);
  await relay.end('SIGTERM');
  const named = await RelayProcess.start(t, directory, NO_ADMIN, 0, 'advertise = "relay.example:4433"');
  t.match(named.pin, /@relay\.example:4433$/);
  await named.end('SIGTERM');
});

t.test('server.address, server.port and storage.directory: where it listens and what it keeps', async (t) => {
  const [first, second] = [join(t.testdir(), 'first'), join(t.testdirName, 'second')];
  for (const directory of [first, second]) mkdirSync(directory);
  const everywhere = { ZEROK_RELAY_SERVER_ADDRESS: '0.0.0.0' };
  const relay = await RelayProcess.start(t, first, NO_ADMIN, 0, '', everywhere);
  t.equal(relay.address.host, localAddresses('0.0.0.0')[0], 'RL-77 an address that can be dialled');
  const { port } = relay.address;
  const client = await connect({ address: { host: '127.0.0.1', port } });
  t.same(readdirSync(join(first, 'data')).includes('relay.key'), true);
  await client.close();
  await relay.end('SIGTERM');
  const other = await RelayProcess.start(t, second, NO_ADMIN, port);
  t.same(other.address, { host: '127.0.0.1', port });
  t.not(other.pin, relay.pin, 'another directory is another relay');
  await other.end('SIGTERM');
});

t.test(
  'SC-23 F-003 abuse/log-canary nothing that a member or an invite holds reaches files, log, metrics or errors',
  async (t) => {
    const directory = t.testdir();
    const port = await freeTcpPort();
    const relay = await RelayProcess.start(t, directory, `[http]\nport = ${port}\n[log]\nlevel = "debug"\n`);
    const device = new Device();
    const canary = `canary-${Buffer.from(crypto.getRandomValues(new Uint8Array(24))).toString('hex')}`;
    const accessToken = `token-${canary}`.slice(0, 60);
    const client = await connect(relay);
    client.send(client.helloBody(device, { accessToken: accessToken }));
    await client.expectNext('helloAck');
    await client.push(device.items(5, canary));
    client.send({ $case: 'pull', value: { after: 1n, hashAtAfter: new Uint8Array(32), bytesMax: 10 } });
    const refusal = await client.expectNext('error');
    t.equal(refusal.code, errors.ROLLED_BACK.number);
    const mailboxId = crypto.getRandomValues(new Uint8Array(16));
    client.send({ $case: 'mailboxPut', value: { mailboxId, payload: new Uint8Array(100), expiresInMs: 1000n } });
    await client.expectNext('mailboxItem');
    const { body: metrics } = await get(port, '/metrics');
    t.match(metrics, 'zerok_envelopes_stored_total 5');
    await client.close();
    await relay.end('SIGTERM');
    const secrets = [canary, accessToken, Buffer.from(device.group.epoch.exportSecret()).toString('latin1')];
    const fullIds = [device.keys.groupId, device.keys.deviceKey, mailboxId].map((id) =>
      Buffer.from(id).toString('hex'),
    );
    const data = join(directory, 'data');
    for (const name of readdirSync(data)) {
      const bytes = readFileSync(join(data, name), 'latin1');
      for (const secret of secrets) t.notOk(bytes.includes(secret), name);
      t.equal(statSync(join(data, name)).mode & 0o077, 0, `F-004 ${name}`);
    }
    const log = relay.log.join('\n');
    t.match(log, 'relay started');
    for (const text of [log, metrics, refusal.detail]) {
      for (const secret of [...secrets, ...fullIds]) t.notOk(text.includes(secret));
    }
    const seed = readFileSync(join(data, 'relay.key'));
    t.notOk(log.includes(seed.toString('hex')) || log.includes(zBase32(seed)));
  },
);
