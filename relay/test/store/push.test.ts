import { randomBytes } from 'node:crypto';
import { stubOf } from '@0k-sync/core/envelope';
import { crypto } from '@0k-sync/testkit/crypto';
import { VirtualClock } from '@0k-sync/testkit/time';
import t from 'tap';
import { anItem, describe, enrol, ITEM_COST, openStore, readAll, Sender, sweepAll } from '../support/store.ts';

const clock = new VirtualClock();

const store = await openStore(t.testdir(), clock);
t.teardown(() => store.close());

t.test('RL-30 cursors are dense from 1, received_at_ms never falls', async (t) => {
  const sender = new Sender(await enrol(store));
  const { group } = sender.device.opened;
  t.same(describe(await store.perform(sender.push(sender.next(), sender.next()))), ['accepted 1', 'accepted 2']);
  clock.stepWall(-5000);
  const [third] = await store.perform(sender.push(sender.next()));
  clock.stepWall(5000);
  const { envelopes } = store.readStretch({ group, after: 0, bytesMax: 9999, itemsMax: 10, expiredUntilMs: 0 });
  t.same(
    envelopes.map(({ cursor }) => cursor),
    [1n, 2n, 3n],
  );
  t.equal(envelopes[2]?.receivedAtMs, envelopes[1]?.receivedAtMs);
  t.equal(third?.receivedAtMs, Number(envelopes[1]?.receivedAtMs));
});

t.test('RL-25 lesson/idempotent-push a repeat gets the cursor it has, also within one transaction', async (t) => {
  const sender = new Sender(await enrol(store));
  const [first, second] = [sender.next(), sender.next()];
  const results = await Promise.all([
    store.perform(sender.push(first, second)),
    store.perform(sender.push(first)),
    store.perform(sender.push(second, sender.next())),
  ]);
  t.same(results.map(describe), [['accepted 1', 'accepted 2'], ['duplicate 1'], ['duplicate 2', 'accepted 3']]);
  t.same(readAll(store, sender.device.opened.group), [1, 2, 3]);
});

t.test('EN-13 RL-25 a repeat is one by its H: another signature makes no other envelope', async (t) => {
  const sender = new Sender(await enrol(store));
  const item = sender.next();
  t.same(describe(await store.perform(sender.push(item))), ['accepted 1']);
  const resigned = { ...item, envelope: { ...item.envelope, signature: randomBytes(64) } };
  t.same(describe(await store.perform(sender.push(resigned))), ['duplicate 1']);
});

t.test('RL-25 ids are scoped to group and sender: nobody squats them', async (t) => {
  const one = new Sender(await enrol(store));
  const two = new Sender(await enrol(store));
  const item = one.next();
  t.same(describe(await store.perform(one.push(item))), ['accepted 1']);
  t.same(describe(await store.perform(two.push(item))), ['accepted 1']);
});

t.test('RL-24 the chain must go on at the head', async (t) => {
  const sender = new Sender(await enrol(store));
  await store.perform(sender.push(sender.next()));
  const wrongPrevious = anItem(2, new Uint8Array(32));
  const gap = anItem(3, sender.previous);
  t.same(describe(await store.perform(sender.push(wrongPrevious))), ['CHAIN_BROKEN']);
  t.same(describe(await store.perform(sender.push(gap))), ['CHAIN_BROKEN']);
  t.same(describe(await store.perform(sender.push(sender.next()))), ['accepted 2']);
});

t.test('RL-24 the first envelope of a sender, and one flagged skip, may begin anywhere above the head', async (t) => {
  const sender = new Sender(await enrol(store));
  sender.sequence = 41;
  t.same(describe(await store.perform(sender.push(sender.next()))), ['accepted 1']);
  const jumped = { ...anItem(50, new Uint8Array(32)), skip: true };
  t.same(describe(await store.perform(sender.push(jumped))), ['accepted 2']);
  t.same(describe(await store.perform(sender.push(anItem(51, jumped.hash)))), ['accepted 3']);
});

t.test('OV-02 the largest sequence is stored and found again', async (t) => {
  const sender = new Sender(await enrol(store));
  sender.sequence = Number.MAX_SAFE_INTEGER - 1;
  const last = sender.next();
  t.same(describe(await store.perform(sender.push(last))), ['accepted 1']);
  t.same(describe(await store.perform(sender.push(last))), ['duplicate 1']);
});

t.test(
  'RL-27 lesson/fork the same sequence with another H is refused with the stub of the stored envelope',
  async (t) => {
    const sender = new Sender(await enrol(store));
    const mine = sender.next();
    await store.perform(sender.push(mine));
    const [result] = await store.perform(sender.push(anItem(1, new Uint8Array(32))));
    t.equal(result?.refusal?.error, 'SEQUENCE_CONFLICT');
    t.same(result?.refusal?.conflict, stubOf(crypto, mine.envelope));
  },
);

t.test('RL-20 lesson/typed-refusal the first refusal ends a push and the prefix stands', async (t) => {
  const sender = new Sender(await enrol(store));
  const items = [sender.next(), anItem(9, new Uint8Array(32)), anItem(2, sender.previous)];
  t.same(describe(await store.perform(sender.push(...items))), ['accepted 1', 'CHAIN_BROKEN']);
  t.same(readAll(store, sender.device.opened.group), [1]);
});

t.test('RL-23 an epoch above the group is refused', async (t) => {
  const sender = new Sender(await enrol(store));
  t.same(describe(await store.perform(sender.push({ ...sender.next(), epoch: 1 }))), ['EPOCH_UNKNOWN']);
});

t.test('RL-29 a device pushes to its own group only', async (t) => {
  const one = new Sender(await enrol(store));
  const two = new Sender(await enrol(store));
  const push = { ...one.push(one.next()), group: two.device.opened.group };
  t.same(describe(await store.perform(push)), ['UNAUTHORIZED']);
});

t.test('RL-28 quotas in envelopes and bytes are exact, and repeats pass them', async (t) => {
  const small = await openStore(t.testdir(), clock, { quotas: { envelopesMax: 3, bytesMax: 3 * ITEM_COST } });
  t.teardown(() => small.close());
  const one = new Sender(await enrol(small));
  const items = [one.next(), one.next(), one.next(), one.next()];
  const quota = ['accepted 1', 'accepted 2', 'accepted 3', 'GROUP_QUOTA_EXCEEDED'];
  t.same(describe(await small.perform(one.push(...items))), quota);
  t.same(describe(await small.perform(one.push(...items.slice(0, 1)))), ['duplicate 1']);
  const two = new Sender(await enrol(small));
  const large = await small.perform(two.push(two.next(), two.next(272 + ITEM_COST), two.next()));
  t.same(describe(large), ['accepted 1', 'accepted 2', 'GROUP_QUOTA_EXCEEDED']);
});

t.test('RL-24 RL-26 RL-27 of what was removed only the head is known: another H is refused there', async (t) => {
  const sender = new Sender(await enrol(store));
  const [first, second] = [sender.next(), sender.next()];
  await store.perform(sender.push(first, second));
  await sweepAll(store, { expireUntilMs: clock.wall() });
  t.same(describe(await store.perform(sender.push(first, second))), ['removed 0', 'removed 0']);
  t.same(describe(await store.perform(sender.push(anItem(1, new Uint8Array(32))))), ['removed 0']);
  const [forked] = await store.perform(sender.push(anItem(2, first.hash)));
  t.equal(forked?.refusal?.error, 'SEQUENCE_CONFLICT');
  t.same(forked?.refusal?.conflict, stubOf(crypto, second.envelope), 'and its stub is shown');
});
