import { join } from 'node:path';
import { errors } from '@0k-sync/generated/errors';
import { Device } from '@0k-sync/testkit/author';
import Database from 'better-sqlite3';
import t from 'tap';
import { DATABASE_FILE } from '../../src/store/database.ts';
import { TestRelay } from '../support/relay.ts';

const UNAVAILABLE = errors.STORAGE_UNAVAILABLE.number;
const PLENTY = 4 * 1024 * 1024;

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

t.test('RL-46 abuse/unread limits.unsent_bytes_max: who takes nothing from the network is closed', async (t) => {
  const relay = await TestRelay.start(t, { limits: { unsent_bytes_max: 1024 * 1024 } });
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
  for (let round = 0; round < 15; round += 1) await writer.push(device.items(1, text));
  for (let got = 0; got < 15; ) got += (await listening.nextDelivery()).envelopes.length;
  t.ok(relay.counts.ended.includes('RESOURCES_EXCEEDED'));
  t.equal(relay.counts.sessions, 2);
  relay.network.links[1]?.release('listener');
  await writer.push(device.items(1));
});
