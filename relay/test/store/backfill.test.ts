import { stubOf } from '@0k-sync/core/envelope';
import { HOLES_MAX } from '@0k-sync/generated/limits';
import { crypto } from '@0k-sync/testkit/crypto';
import { VirtualClock } from '@0k-sync/testkit/time';
import t from 'tap';
import { isRefused } from '../../src/store/port.ts';
import { describe, enrol, type HashedItem, ITEM_COST, openStore, readAll, Sender, sweepAll } from '../support/store.ts';

const clock = new VirtualClock();
const store = await openStore(t.testdir(), clock);
t.teardown(() => store.close());

/** A sender, and the first envelopes of its chain, of which nothing is pushed yet. */
async function chainOf(count: number): Promise<{ sender: Sender; items: HashedItem[] }> {
  const sender = new Sender(await enrol(store));
  return { sender, items: Array.from({ length: count }, () => sender.next()) };
}

const skipping = (item: HashedItem | undefined): HashedItem[] => (item === undefined ? [] : [{ ...item, skip: true }]);
const expireAll = () => sweepAll(store, { expireUntilMs: clock.wall() });

t.test('RL-26 what was never stored is not answered REMOVED: 3 first, then 1 and 2', async (t) => {
  const { sender, items } = await chainOf(4);
  const push = async (from: number, to: number) =>
    describe(await store.perform(sender.push(...items.slice(from - 1, to))));
  t.same(await push(3, 3), ['accepted 1']);
  t.same(await push(1, 1), ['CHAIN_BROKEN'], 'nothing vouches for 1 yet');
  t.same(await push(1, 2), ['accepted 2', 'accepted 3'], 'RL-32 the run reaches 3');
  t.same(await push(1, 4), ['duplicate 2', 'duplicate 3', 'duplicate 1', 'accepted 4'], 'the head stayed');
  t.same(readAll(store, sender.device.opened.group), [1, 2, 3, 4]);
});

t.test('RL-32 several Pushes fill a hole from the highest part down, also when all was removed', async (t) => {
  const { sender, items } = await chainOf(9);
  const push = async (...sequences: number[]) =>
    describe(await store.perform(sender.push(...sequences.flatMap((sequence) => items[sequence - 1] ?? []))));
  await push(8);
  await expireAll();
  t.same(await push(7, 6), ['accepted 2', 'accepted 3'], 'downwards, one run after the other');
  await expireAll();
  t.same(await push(3, 4, 5), ['accepted 4', 'accepted 5', 'accepted 6'], 'upwards, as one run');
  t.same(await push(8, 7, 5, 3), ['removed 0', 'removed 0', 'duplicate 6', 'duplicate 4']);
  t.same(await push(9, 2, 1), ['accepted 7', 'accepted 8', 'accepted 9']);
  await expireAll();
  t.same(await push(1, 2, 9), ['removed 0', 'removed 0', 'removed 0']);
});

t.test('RL-32 a run that does not reach the envelope above is refused whole, at its first item', async (t) => {
  const { sender, items } = await chainOf(6);
  const push = async (...pushed: (HashedItem | undefined)[]) =>
    describe(await store.perform(sender.push(...pushed.filter((item) => item !== undefined))));
  const [, two, three, four, five, six] = items;
  const fork = new Sender(sender.device);
  fork.sequence = 4;
  const otherFive = fork.next();
  await push(six);
  t.same(await push(two, three, four), ['CHAIN_BROKEN'], '5 is missing');
  t.same(await push(three, five), ['CHAIN_BROKEN'], '4 is missing: 3 stands alone');
  t.same(await push(otherFive), ['CHAIN_BROKEN'], 'another H than 6 names');
  t.same(await push(four, otherFive), ['CHAIN_BROKEN'], 'and 4 is not the one before it');
  t.same(await push(four, five, six, two), ['accepted 2', 'accepted 3', 'duplicate 1', 'CHAIN_BROKEN']);
  t.same(readAll(store, sender.device.opened.group), [1, 2, 3]);
});

t.test('RL-24 RL-26 RL-32 `skip` leaves a hole, and means nothing below the head', async (t) => {
  const { sender, items } = await chainOf(9);
  const push = async (...pushed: (HashedItem | undefined)[]) =>
    describe(await store.perform(sender.push(...pushed.filter((item) => item !== undefined))));
  await push(items[0], items[1], ...skipping(items[5]));
  await expireAll();
  t.same(await push(items[1]), ['removed 0'], 'below a hole, but it was there');
  t.same(await push(...skipping(items[3])), ['CHAIN_BROKEN']);
  t.same(await push(...skipping(items[4])), ['accepted 4']);
  t.same(await push(items[2], items[3]), ['accepted 5', 'accepted 6']);
  t.same(await push(...items.slice(6)), ['accepted 7', 'accepted 8', 'accepted 9']);
});

t.test('RL-33 the epoch and the quotas of a whole run are checked before any of it is stored', async (t) => {
  const small = await openStore(t.testdir(), clock, { quotas: { envelopesMax: 3, bytesMax: 4 * ITEM_COST } });
  t.teardown(() => small.close());
  const sender = new Sender(await enrol(small));
  const [one, two, three, four] = [sender.next(), sender.next(), sender.next(), sender.next()];
  const push = async (...items: HashedItem[]) => describe(await small.perform(sender.push(...items)));
  await push(four);
  t.same(await push({ ...two, epoch: 1 }, three), ['EPOCH_UNKNOWN']);
  t.same(await push(two, { ...three, epoch: 1 }), ['EPOCH_UNKNOWN']);
  t.same(await push(one, two, three), ['GROUP_QUOTA_EXCEEDED']);
  t.same(await push(two, three), ['accepted 2', 'accepted 3']);
  t.same(await push(one), ['GROUP_QUOTA_EXCEEDED']);
});

t.test('RL-24 RL-26 RL-51 SE-15 holes and head stubs survive removal and a restart', async (t) => {
  const directory = t.testdir();
  const first = await openStore(directory, clock);
  const sender = new Sender(await enrol(first));
  const items = Array.from({ length: 5 }, () => sender.next());
  await first.perform(sender.push(...items.slice(2, 3), ...skipping(items[4])));
  await sweepAll(first, { expireUntilMs: clock.wall() });
  await first.close();
  const second = await openStore(directory, clock);
  t.teardown(() => second.close());
  const again = await second.perform({ kind: 'authorize', ...sender.device, enrolment: undefined, creator: undefined });
  const [, , , , five] = items;
  t.same(isRefused(again) ? undefined : again.ownHead, five && stubOf(crypto, five.envelope));
  const push = async (...sequences: number[]) =>
    describe(await second.perform(sender.push(...sequences.flatMap((sequence) => items[sequence - 1] ?? []))));
  t.same(await push(4, 2, 1), ['accepted 3', 'accepted 4', 'accepted 5']);
  t.same(await push(1, 2, 3, 4, 5), ['duplicate 5', 'duplicate 4', 'removed 0', 'duplicate 3', 'removed 0']);
});

t.test(
  'RL-34 LI-43 of more holes than HOLES_MAX the two lowest become one: what is not stored is never REMOVED',
  async (t) => {
    const { sender, items } = await chainOf(2 * HOLES_MAX + 4);
    const push = async (...sequences: number[]) =>
      describe(await store.perform(sender.push(...sequences.flatMap((sequence) => skipping(items[sequence - 1])))));
    const even = Array.from({ length: HOLES_MAX }, (_, index) => 2 * index + 2);
    t.equal((await push(...even)).length, HOLES_MAX);
    await expireAll();
    t.same(await push(2, 4), ['removed 0', 'removed 0'], 'as many holes as may be');
    await push(2 * HOLES_MAX + 2);
    t.same(await push(4, 6), ['removed 0', 'removed 0']);
    t.same(await push(2), ['CHAIN_BROKEN'], 'it lies in the hole now');
    t.same(await push(3), [`accepted ${HOLES_MAX + 2}`], 'the hole ends where the upper one ended');
    await push(2 * HOLES_MAX + 4);
    t.same(await push(3), [`duplicate ${HOLES_MAX + 2}`], 'what is stored within a hole is answered as stored');
  },
);

t.test('RL-34 a run ends before what is stored within a hole', async (t) => {
  const { sender, items } = await chainOf(2 * HOLES_MAX + 2);
  const push = async (...sequences: number[]) =>
    describe(await store.perform(sender.push(...sequences.flatMap((sequence) => skipping(items[sequence - 1])))));
  await push(...Array.from({ length: HOLES_MAX + 1 }, (_, index) => 2 * index + 2));
  t.same(await push(1, 2, 3), ['CHAIN_BROKEN'], '2 is stored, and 1 alone reaches nothing');
  t.same(await push(3, 2, 1), [`accepted ${HOLES_MAX + 2}`, 'duplicate 1', 'CHAIN_BROKEN']);
});
