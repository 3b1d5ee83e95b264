import { join } from 'node:path';
import { concat } from '@0k-sync/core/bytes';
import { errors } from '@0k-sync/generated/errors';
import { FRAME_BYTES_MAX } from '@0k-sync/generated/limits';
import { Device } from '@0k-sync/testkit/author';
import { varint } from '@0k-sync/testkit/wire';
import Database from 'better-sqlite3';
import t from 'tap';
import { DATABASE_FILE } from '../../src/store/database.ts';
import { TestRelay } from '../support/relay.ts';

const UNAVAILABLE = errors.STORAGE_UNAVAILABLE.number;
const PLENTY = 4 * 1024 * 1024;
const NOTHING = new Uint8Array(0);

t.test('RL-67 SE-21 SE-20 a drain tells everybody, answers what was begun and refuses what is new', async (t) => {
  const relay = await TestRelay.start(t, { server: { drain_ms: 5000 } });
  const device = new Device();
  const client = await relay.member(device);
  const stranger = await relay.connect();
  const begun = client.send({ $case: 'push', value: { items: device.items(100) } });
  client.send({ $case: 'ping', value: {} });
  while ((await client.next()).body?.$case !== 'pong');
  const closing = relay.relay.close();
  const seen: string[] = [];
  client.send({ $case: 'pull', value: { after: 0n, hashAtAfter: new Uint8Array(0), bytesMax: 1 } }, 900);
  for (;;) {
    const { requestId, body } = await client.next();
    seen.push(`${body?.$case} ${requestId}`);
    if (requestId === 900) {
      t.match(body, { $case: 'error', value: { code: errors.RELAY_SHUTTING_DOWN.number } });
      break;
    }
  }
  t.ok(seen.includes('goAway 0'), seen.join(', '));
  t.ok(begun > 0);
  t.equal(await client.leave(), 0);
  t.equal((await stranger.next()).body?.$case, 'goAway');
  await closing;
  t.equal(relay.clock.monotonic(), 0, 'nobody is left to wait for');
});

t.test('SE-21 server.drain_ms bounds the wait for a client that ignores GoAway', async (t) => {
  const relay = await TestRelay.start(t, { server: { drain_ms: 300 } });
  const client = await relay.member(new Device());
  const closing = relay.relay.close();
  await relay.clock.advance(299);
  t.equal(relay.counts.connections, 1, 'not before');
  await relay.clock.advance(1);
  await closing;
  t.equal(relay.counts.connections, 0);
  t.equal((await client.next()).body?.$case, 'goAway');
});

t.test(
  'RL-66 abuse/disk-full storage.database_bytes_max: a full database is a typed refusal; reading goes on; room ends it',
  async (t) => {
    const relay = await TestRelay.start(t, {
      storage: { database_bytes_max: 1024 * 1024 },
      retention: { age_seconds: 0, group_bytes: 200_000, sweep_seconds: 86_400 },
    });
    const device = new Device();
    const client = await relay.member(device);
    let stored = 0;
    let items = device.items(1, 'x'.repeat(20_000));
    for (;;) {
      client.send({ $case: 'push', value: { items } });
      const { body } = await client.next();
      if (body?.$case === 'error') {
        t.equal(body.value.code, UNAVAILABLE);
        t.ok(body.value.retryAfterMs > 0n);
        break;
      }
      stored += 1;
      items = device.items(1, 'x'.repeat(20_000));
    }
    t.ok(stored > 10);
    t.equal((await client.pullSegment()).head, BigInt(stored));
    const position = { group: 0, removed: 0 };
    const policy = { clockMs: 0, expireUntilMs: 0, groupBytes: 200_000, removeAcknowledged: false };
    await relay.relay.store.perform({ kind: 'sweep', position, ...policy });
    client.send({ $case: 'push', value: { items } });
    t.equal(
      (await client.expectNext('pushAck')).results[0]?.cursor,
      BigInt(stored + 1),
      'the same bytes are taken now',
    );
  },
);

t.test('RL-66 a locked database refuses pushes and newcomers, keeps subscriptions, and recovers', async (t) => {
  const relay = await TestRelay.start(t, { storage: { lock_wait_ms: 0 } });
  const device = new Device();
  const client = await relay.member(device);
  client.subscribe(0, PLENTY);
  await client.nextDelivery();
  const intruder = new Database(join(relay.config.storage.directory, DATABASE_FILE));
  intruder.exec('BEGIN IMMEDIATE');
  const items = device.items(1);
  client.send({ $case: 'push', value: { items } });
  t.equal(await client.expectError(), UNAVAILABLE);
  const newcomer = await relay.connect();
  newcomer.send(newcomer.helloBody(new Device()));
  t.equal(await newcomer.closed(), UNAVAILABLE);
  intruder.exec('ROLLBACK');
  intruder.close();
  client.send({ $case: 'push', value: { items } });
  const kinds = [(await client.next()).body?.$case, (await client.next()).body?.$case];
  t.same(kinds.toSorted(), ['deliver', 'pushAck']);
});

t.test(
  'RL-46 RL-72 finding/R1 abuse/unread limits.unsent_bytes_max: who takes nothing from the network waits',
  async (t) => {
    const unsent = 128 * 1024;
    const relay = await TestRelay.start(t, { limits: { unsent_bytes_max: unsent } });
    const device = new Device();
    const writer = await relay.member(device);
    const deaf = await relay.member(device.sibling(), '198.51.100.9');
    const listening = await relay.member(device.sibling());
    for (const client of [deaf, listening]) {
      client.subscribe(0, PLENTY);
      await client.nextDelivery();
    }
    relay.network.links[1]?.hold('listener');
    const text = 'x'.repeat(100_000);
    const envelope = 140_000;
    for (let pull = 0; pull < 16; pull += 1) {
      deaf.send({ $case: 'pull', value: { after: 0n, hashAtAfter: NOTHING, bytesMax: PLENTY } }, 100 + pull);
    }
    for (let round = 0; round < 15; round += 1) await writer.push(device.items(1, text));
    for (let got = 0; got < 15; ) got += (await listening.nextDelivery()).envelopes.length;
    t.ok(relay.relay.memory.total <= unsent + 2 * envelope, `${relay.relay.memory.total} bytes are held`);
    t.equal(relay.counts.sessions, 3, 'nobody is closed');
    relay.network.links[1]?.release('listener');
    for (let pull = 0; pull < 16; pull += 1) t.equal((await deaf.answer(100 + pull)).$case, 'page');
    for (let got = 0; got < 15; ) got += (await deaf.nextDelivery()).envelopes.length;
  },
);

t.test('RL-72 finding/R1 a crowd that takes nothing gets one page each, and somebody else is served', async (t) => {
  const relay = await TestRelay.start(t, { limits: { memory_bytes_max: 12 * 1024 * 1024 } });
  const device = new Device();
  const writer = await relay.member(device);
  const envelope = 140_000;
  await writer.push(device.items(1, 'x'.repeat(100_000)));
  const crowd = await Promise.all(Array.from({ length: 30 }, () => relay.member(device.sibling())));
  for (const link of relay.network.links.slice(1)) link.hold('listener');
  const pull = { $case: 'pull' as const, value: { after: 0n, hashAtAfter: NOTHING, bytesMax: PLENTY } };
  for (const client of crowd) {
    for (let request = 0; request < 8; request += 1) client.send(pull, 100 + request);
  }
  await writer.push(device.items(1));
  t.equal((await writer.pull(0)).segment?.envelopes.length, 1);
  t.ok(relay.relay.memory.total <= 31 * envelope, `${relay.relay.memory.total} bytes are held`);
  for (const link of relay.network.links.slice(1)) link.release('listener');
  for (const client of crowd) t.equal((await client.answer(107)).$case, 'page');
});

t.test(
  'RL-71 finding/R1 limits.memory_bytes_max bounds all connections together; who holds most is closed',
  async (t) => {
    const relay = await TestRelay.start(t, { limits: { memory_bytes_max: 2 * 1024 * 1024 } });
    const [first, worst, last] = [
      await relay.member(new Device()),
      await relay.member(new Device()),
      await relay.member(new Device()),
    ];
    const beginning = (bytes: number) => concat(varint(FRAME_BYTES_MAX), new Uint8Array(bytes));
    first.sendPlaintext(beginning(500_000));
    worst.sendPlaintext(beginning(900_000));
    last.sendPlaintext(beginning(800_000));
    t.equal(await worst.closed(), errors.RESOURCES_EXCEEDED.number);
    t.equal(relay.counts.sessions, 2);
    t.ok(relay.relay.memory.total <= 2 * 1024 * 1024);
    await Promise.all([first, last].map((client) => client.close()));
    await relay.member(new Device());
    t.equal(relay.relay.memory.total, 0);
  },
);

t.test('RL-74 finding/R4 frames without a request are taken from the rates: whoever owes waits', async (t) => {
  const relay = await TestRelay.start(t, { limits: { operations_per_second_per_device: 100 } });
  const flooding = await relay.member(new Device());
  const witness = await relay.member(new Device());
  const pings = Array.from({ length: 200 }, (_, index) => ({
    requestId: 1000 + index,
    body: { $case: 'ping', value: {} } as const,
  }));
  flooding.sendFrames(...pings);
  const pongs = () => flooding.inbox.log.filter(({ frame }) => frame.body?.$case === 'pong').length;
  for (let count = 0; count < 20; count += 1) await witness.ping();
  t.ok(pongs() > 60 && pongs() < 140, `${pongs()} Pongs`);
  await relay.clock.advance(1000);
  for (let count = 0; count < 20; count += 1) await witness.ping();
  await relay.clock.advance(1000);
  await flooding.answer(1199);
  t.equal(pongs(), 200);
});
