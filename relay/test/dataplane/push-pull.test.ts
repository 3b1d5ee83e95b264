import { randomBytes } from 'node:crypto';
import { stubOf } from '@0k-sync/core/envelope';
import { errors } from '@0k-sync/generated/errors';
import { PushStatus } from '@0k-sync/generated/wire/frame';
import { Device } from '@0k-sync/testkit/author';
import { crypto } from '@0k-sync/testkit/crypto';
import t from 'tap';
import { TestRelay } from '../support/relay.ts';

const relay = await TestRelay.start(t);

t.test('RL-20 RL-21 RL-40 what is pushed is acknowledged and read back unchanged', async (t) => {
  const alice = new Device();
  const writer = await relay.member(alice);
  const items = alice.items(3);
  writer.send({ $case: 'push', value: { items } });
  const { results, durable } = await writer.expectNext('pushAck');
  t.equal(durable, true);
  t.same(
    results.map(({ status, cursor }) => [status, cursor]),
    [1n, 2n, 3n].map((cursor) => [PushStatus.PUSH_STATUS_ACCEPTED, cursor]),
  );
  const reader = await relay.member(alice.sibling());
  const page = await reader.pullSegment();
  t.match(page, { after: 0n, removedThrough: 0n, next: 3n, head: 3n });
  for (const [index, { header, nonce, ciphertext, signature }] of page.envelopes.entries()) {
    const sent = items[index]?.envelope;
    const joined = Buffer.concat([header, nonce, ciphertext, signature]);
    t.ok(sent && joined.equals(Buffer.concat([sent.header, sent.nonce, sent.ciphertext, sent.signature])));
  }
});

t.test('RL-40 lesson/has-more-loop pages follow each other until has_more is false', async (t) => {
  const device = new Device();
  const client = await relay.member(device);
  const hashes: Uint8Array[] = [new Uint8Array(0)];
  const items = Array.from({ length: 50 }, () => {
    const { envelope, hash } = device.seal();
    hashes.push(hash);
    return { envelope, skip: false };
  });
  client.send({ $case: 'push', value: { items } });
  await client.expectNext('pushAck');
  const cursors: bigint[] = [];
  for (let after = 0n, hasMore = true; hasMore; ) {
    const hashAtAfter = hashes[Number(after)] ?? new Uint8Array(0);
    client.send({ $case: 'pull', value: { after, hashAtAfter, bytesMax: 3000 } });
    const page = await client.expectNext('page');
    cursors.push(...(page.segment?.envelopes ?? []).map(({ cursor }) => cursor));
    after = page.segment?.next ?? 0n;
    hasMore = page.hasMore;
  }
  t.same(
    cursors,
    Array.from({ length: 50 }, (_, index) => BigInt(index + 1)),
  );
});

t.test('RL-22 RL-23 items of another group, sender, version or form are refused with their class', async (t) => {
  const device = new Device();
  const client = await relay.member(device);
  const other = new Device();
  const sibling = device.sibling();
  const good = device.items(1)[0];
  const envelope = good?.envelope;
  if (envelope === undefined) throw new Error('nothing was sealed');
  const cases = [
    ['another group', other.items(1)[0]?.envelope, errors.ENVELOPE_BINDING.number],
    ['another sender', sibling.items(1)[0]?.envelope, errors.ENVELOPE_BINDING.number],
    ['a header cut short', { ...envelope, header: envelope.header.slice(1) }, errors.ENVELOPE_MALFORMED.number],
    ['a short ciphertext', { ...envelope, ciphertext: randomBytes(271) }, errors.ENVELOPE_MALFORMED.number],
    ['a large ciphertext', { ...envelope, ciphertext: randomBytes(262_161) }, errors.ENVELOPE_TOO_LARGE.number],
  ] as const;
  for (const [what, bad, number] of cases) {
    client.send({ $case: 'push', value: { items: [{ envelope: bad, skip: false }] } });
    const { results } = await client.expectNext('pushAck');
    t.same(
      results.map(({ status, error }) => [status, error?.code]),
      [[PushStatus.PUSH_STATUS_REFUSED, number]],
      what,
    );
  }
  client.send({ $case: 'push', value: { items: [{ envelope, skip: false }] } });
  t.equal((await client.expectNext('pushAck')).results[0]?.cursor, 1n, 'the session goes on');
});

t.test(
  'RL-20 RL-27 lesson/typed-refusal a refusal in the middle: the prefix stands, the rest is not tried',
  async (t) => {
    const device = new Device();
    const client = await relay.member(device);
    const [one, two, three] = device.items(3);
    const [foreign] = new Device().items(1);
    const items = [one, foreign, two, three].filter((item) => item !== undefined);
    client.send({ $case: 'push', value: { items } });
    const { results } = await client.expectNext('pushAck');
    t.same(
      results.map(({ status }) => status),
      [PushStatus.PUSH_STATUS_ACCEPTED, PushStatus.PUSH_STATUS_REFUSED],
    );
    const fork = new Device(device.group);
    Object.assign(fork, { keys: device.keys });
    client.send({ $case: 'push', value: { items: fork.items(1, 'another first') } });
    const [conflict] = (await client.expectNext('pushAck')).results;
    t.equal(conflict?.error?.code, errors.SEQUENCE_CONFLICT.number);
    t.same(conflict?.error?.conflict, one?.envelope && stubOf(crypto, one.envelope));
  },
);

t.test('RL-42 lesson/rollback another hash at `after`, or an `after` above the head, is ROLLED_BACK', async (t) => {
  const device = new Device();
  const client = await relay.member(device);
  await client.push(device.items(2));
  for (const [after, hash] of [
    [2, randomBytes(32)],
    [3, randomBytes(32)],
  ] as const) {
    client.send({ $case: 'pull', value: { after: BigInt(after), hashAtAfter: hash, bytesMax: 1000 } });
    t.equal(await client.expectError(), errors.ROLLED_BACK.number);
    client.subscribe(after, 1000, hash);
    t.equal(await client.expectError(), errors.ROLLED_BACK.number);
  }
  t.match(await client.pullSegment(2, device.previous), { next: 2n, head: 2n });
  client.subscribe(2, 1000, device.previous);
  t.match(await client.nextDelivery(), { next: 2n }, 'a refused Subscribe leaves room for another');
});

t.test('SE-06 a read sees what was sent before it, though nothing was awaited', async (t) => {
  const device = new Device();
  const client = await relay.member(device);
  for (let round = 0; round < 5; round += 1) {
    client.send({ $case: 'push', value: { items: device.items(1) } });
    client.send({ $case: 'pull', value: { after: 0n, hashAtAfter: new Uint8Array(0), bytesMax: 100_000 } });
  }
  for (let round = 1n; round <= 5n; round += 1n) {
    t.equal((await client.expectNext('pushAck')).results[0]?.cursor, round);
    t.equal((await client.expectNext('page')).segment?.next, round);
  }
});

t.test('SE-05 many pushes in flight are each answered once, in order', async (t) => {
  const device = new Device();
  const client = await relay.member(device);
  const sent = Array.from({ length: 256 }, () => client.send({ $case: 'push', value: { items: device.items(1) } }));
  const answered: number[] = [];
  for (const _ of sent) answered.push((await client.next()).requestId);
  t.same(answered, sent);
});

t.test(
  'RL-48 lesson/ack-after-store an Ack beyond what was delivered is refused and the session goes on',
  async (t) => {
    const device = new Device();
    const client = await relay.member(device);
    await client.push(device.items(3));
    client.send({ $case: 'ack', value: { cursor: 1n } }, 0);
    t.equal(await client.expectError(), errors.CURSOR_OUT_OF_RANGE.number, 'nothing was delivered yet: RL-49');
    await client.pullSegment();
    for (const cursor of [2n, 3n, 1n]) client.send({ $case: 'ack', value: { cursor } }, 0);
    client.send({ $case: 'ack', value: { cursor: 2n ** 53n - 1n } }, 0);
    t.equal(await client.expectError(), errors.CURSOR_OUT_OF_RANGE.number);
    await client.push(device.items(1));
  },
);

t.test('RL-20 limits.push_items_max: a Push without items, or with more, ends the session', async (t) => {
  const small = await TestRelay.start(t, { limits: { push_items_max: 2 } });
  const device = new Device();
  for (const count of [0, 3]) {
    const client = await small.member(device);
    client.send({ $case: 'push', value: { items: device.items(count) } });
    t.equal(await client.closed(), errors.RESOURCES_EXCEEDED.number);
  }
});
