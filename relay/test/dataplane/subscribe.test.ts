import { errors } from '@0k-sync/generated/errors';
import type { LogSegment } from '@0k-sync/generated/wire/frame';
import { Device } from '@0k-sync/testkit/author';
import type { RawClient } from '@0k-sync/testkit/raw';
import t from 'tap';
import { TestRelay } from '../support/relay.ts';

const relay = await TestRelay.start(t);
const PLENTY = 4 * 1024 * 1024;
/** The cost of one short message: header, nonce, ciphertext, signature. RL-40. */
const COST = (({ header, nonce, ciphertext, signature }) =>
  header.length + nonce.length + ciphertext.length + signature.length)(new Device().seal().envelope);

/** Reads deliveries up to a cursor, and checks that each continues the one before. */
async function deliverUntil(client: RawClient, cursor: number, from = 0): Promise<LogSegment[]> {
  const segments: LogSegment[] = [];
  for (let after = BigInt(from); after < cursor; ) {
    const segment = await client.nextDelivery();
    if (segment.after !== after) throw new Error(`after ${segment.after} instead of ${after}`);
    segments.push(segment);
    after = segment.next;
  }
  return segments;
}

function cursorsOf(segments: readonly LogSegment[]): number[] {
  return segments.flatMap(({ envelopes }) => envelopes.map(({ cursor }) => Number(cursor)));
}

function oneTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

t.test('RL-44 backlog, then live, in cursor order; the first Deliver comes at once, also when empty', async (t) => {
  const device = new Device();
  const writer = await relay.member(device);
  const early = await relay.member(device.sibling());
  const requestId = early.subscribe(0, PLENTY);
  const first = await early.next();
  t.equal(first.requestId, requestId);
  t.match(first.body, { $case: 'deliver', value: { segment: { after: 0n, next: 0n, head: 0n, envelopes: [] } } });
  await writer.push(device.items(10));
  const late = await relay.member(device.sibling());
  late.subscribe(0, PLENTY);
  t.same(cursorsOf(await deliverUntil(late, 10)), oneTo(10));
  for (let round = 0; round < 20; round += 1) await writer.push(device.items(2));
  t.same(cursorsOf(await deliverUntil(early, 50)), oneTo(50));
  t.same(cursorsOf(await deliverUntil(late, 50, 10)), oneTo(50).slice(10));
});

t.test('RL-43 RL-44 several writers, several subscribers: everybody gets everything once', async (t) => {
  const first = new Device();
  const devices = [first, first.sibling(), first.sibling(), first.sibling()];
  const clients = await Promise.all(devices.map((device) => relay.member(device)));
  const listeners = await Promise.all(devices.map((device) => relay.member(device)));
  for (const listener of listeners) listener.subscribe(0, PLENTY);
  const pushing = devices.map(async (device, index) => {
    for (let round = 0; round < 25; round += 1) await clients[index]?.push(device.items(1 + (round % 3)));
  });
  const total = 4 * (25 + 24);
  for (const listener of listeners) {
    await listener.nextDelivery();
    t.same(cursorsOf(await deliverUntil(listener, total)), oneTo(total));
  }
  await Promise.all(pushing);
});

t.test('RL-45 delivery goes on while credit is above 0, one envelope may overdraw it', async (t) => {
  const device = new Device();
  const writer = await relay.member(device);
  const reader = await relay.member(device.sibling());
  reader.subscribe(0, 2 * COST + 1);
  await reader.nextDelivery();
  await writer.push(device.items(6));
  t.same(cursorsOf(await deliverUntil(reader, 3)), [1, 2, 3], 'the third overdraws');
  reader.send({ $case: 'ping', value: {} });
  await reader.expectNext('pong');
  reader.send({ $case: 'credit', value: { bytes: COST } }, 0);
  t.same(cursorsOf([await reader.nextDelivery()]), [4]);
  reader.send({ $case: 'credit', value: { bytes: 0 } }, 0);
  reader.send({ $case: 'ping', value: {} });
  await reader.expectNext('pong');
  reader.send({ $case: 'credit', value: { bytes: PLENTY } }, 0);
  t.same(cursorsOf(await deliverUntil(reader, 6, 4)), [5, 6]);
});

t.test('RL-45 limits.credit_bytes_max and limits.page_bytes_max bound what is under way', async (t) => {
  const small = await TestRelay.start(t, { limits: { credit_bytes_max: 4 * COST, page_bytes_max: 2 * COST } });
  const device = new Device();
  const writer = await small.member(device);
  await writer.push(device.items(10));
  const reader = await small.connect();
  const ack = await reader.hello(device.sibling());
  t.match(ack.limits, { creditBytesMax: 4 * COST, pageBytesMax: 2 * COST });
  reader.subscribe(0, PLENTY);
  const segments = await deliverUntil(reader, 4);
  t.same(cursorsOf(segments), [1, 2, 3, 4]);
  t.equal(segments.length, 2, 'pages of two');
  reader.send({ $case: 'credit', value: { bytes: PLENTY } }, 0);
  t.same(cursorsOf(await deliverUntil(reader, 8, 4)), [5, 6, 7, 8]);
  t.equal((await writer.pullSegment()).next, 2n);
});

t.test('RL-44 a second subscription ends the session', async (t) => {
  const device = new Device();
  const client = await relay.member(device);
  client.subscribe(0, 1000);
  await client.nextDelivery();
  client.subscribe(0, 1000);
  t.equal(await client.closed(), errors.UNEXPECTED_FRAME.number);
});

t.test(
  'RL-46 lesson/bounded-notify a subscriber without credit costs nobody anything and misses nothing',
  async (t) => {
    const device = new Device();
    const writer = await relay.member(device);
    const idle = await relay.member(device.sibling());
    const live = await relay.member(device.sibling());
    idle.subscribe(0, 1);
    live.subscribe(0, PLENTY);
    await live.nextDelivery();
    await idle.nextDelivery();
    for (let round = 0; round < 10; round += 1) await writer.push(device.items(100));
    t.same(cursorsOf(await deliverUntil(live, 1000)), oneTo(1000));
    const got = cursorsOf(await deliverUntil(idle, 1));
    t.same(got, [1]);
    idle.send({ $case: 'credit', value: { bytes: PLENTY } }, 0);
    t.same(cursorsOf(await deliverUntil(idle, 1000, 1)), oneTo(1000).slice(1));
  },
);

t.test('RL-49 lesson/own-push-cursor a subscriber gets its own pushes too, in their place', async (t) => {
  const device = new Device();
  const other = device.sibling();
  const client = await relay.member(device);
  const second = await relay.member(other);
  client.subscribe(0, PLENTY);
  await client.nextDelivery();
  await second.push(other.items(1));
  await deliverUntil(client, 1);
  client.send({ $case: 'push', value: { items: device.items(1) } });
  const kinds = [(await client.next()).body?.$case, (await client.next()).body?.$case];
  t.same(kinds.toSorted(), ['deliver', 'pushAck']);
});

t.test(
  'RL-47 lesson/expired-not-served Subscribe and Pull leave out what has expired and account for it',
  async (t) => {
    const aging = await TestRelay.start(t, { retention: { age_seconds: 100, clock_step_seconds: 1000 } });
    const { clock } = aging;
    const device = new Device();
    const writer = await aging.member(device);
    await writer.push(device.items(3));
    clock.stepWall(60_000);
    await writer.push(device.items(2));
    clock.stepWall(50_000);
    t.match(await writer.pullSegment(), { after: 0n, removedThrough: 3n, next: 5n, head: 5n });
    writer.subscribe(0, PLENTY);
    t.match(await writer.nextDelivery(), { after: 0n, removedThrough: 3n, next: 5n, head: 5n });
    clock.stepWall(60_000);
    t.match(await writer.pullSegment(), { removedThrough: 5n, envelopes: [], next: 5n, head: 5n });
    // A client that was told of the removal never saw an H; it reads on all the same, even before the next sweep.
    t.match(await writer.pullSegment(5), { after: 5n, removedThrough: 5n, envelopes: [], next: 5n, head: 5n });
  },
);
