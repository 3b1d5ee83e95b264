import { randomBytes } from 'node:crypto';
import { VirtualClock } from '@0k-sync/testkit/time';
import t from 'tap';
import { enrol, ITEM_COST, openStore, readAll, Sender } from '../support/store.ts';

const clock = new VirtualClock();
const store = await openStore(t.testdir(), clock);
t.teardown(() => store.close());

async function groupOf(count: number): Promise<{ group: number; hashes: Uint8Array[] }> {
  const sender = new Sender(await enrol(store));
  const items = Array.from({ length: count }, () => sender.next());
  await store.perform(sender.push(...items));
  return { group: sender.device.opened.group, hashes: items.map(({ hash }) => hash) };
}

t.test('RL-40 F-013 abuse/pull-byte-cap a stretch is bounded in bytes and items, but never empty', async (t) => {
  const { group } = await groupOf(10);
  const read = (bytesMax: number, itemsMax: number) =>
    store.readStretch({ group, after: 2, bytesMax, itemsMax, expiredUntilMs: 0 });
  t.match(read(3 * ITEM_COST, 100), { after: 2, removedThrough: 2, next: 5, head: 10 });
  t.equal(read(3 * ITEM_COST - 1, 100).next, 4);
  t.equal(read(1, 100).next, 3);
  t.equal(read(1_000_000, 4).next, 6);
  t.equal(read(1_000_000, 100).next, 10);
});

t.test('RL-41 an empty group and a reader at the head get an empty stretch', async (t) => {
  const empty = (await enrol(store)).opened.group;
  const query = { bytesMax: 1000, itemsMax: 10, expiredUntilMs: 0 };
  t.same(store.readStretch({ group: empty, after: 0, ...query }), {
    after: 0,
    removedThrough: 0,
    envelopes: [],
    next: 0,
    head: 0,
  });
  const { group } = await groupOf(3);
  t.match(store.readStretch({ group, after: 3, ...query }), { removedThrough: 3, envelopes: [], next: 3, head: 3 });
});

t.test('RL-42 lesson/rollback the hash at `after` and the head must fit', async (t) => {
  const { group, hashes } = await groupOf(3);
  const continues = (after: number, hash: Uint8Array = new Uint8Array(0), expiredUntilMs = 0) =>
    store.continues({ group, after, hash, expiredUntilMs });
  t.ok(continues(0));
  t.ok(continues(2, hashes[1]));
  t.notOk(continues(2, hashes[2]), 'another envelope stands there');
  t.notOk(continues(2));
  t.notOk(continues(4, randomBytes(32)), 'above the head');
  t.ok(continues(2, undefined, clock.wall()), 'nothing is known of what has expired');
});

t.test(
  'RL-47 lesson/expired-not-served what has expired is not served, swept or not, and is accounted for',
  async (t) => {
    const sender = new Sender(await enrol(store));
    const { group } = sender.device.opened;
    const start = clock.wall();
    for (let index = 0; index < 40; index += 1) {
      clock.stepWall(1000);
      await store.perform(sender.push(sender.next()));
    }
    const query = { group, bytesMax: 1_000_000, itemsMax: 1000 };
    for (const expired of [0, 1, 7, 31, 39, 40]) {
      const stretch = store.readStretch({ ...query, after: 0, expiredUntilMs: start + expired * 1000 });
      t.match(stretch, { after: 0, removedThrough: expired, next: 40, head: 40 });
      t.equal(stretch.envelopes.length, 40 - expired);
      t.same(readAll(store, group, start + expired * 1000).at(0), expired === 40 ? undefined : expired + 1);
    }
    const later = store.readStretch({ ...query, after: 20, expiredUntilMs: start + 7000 });
    t.match(later, { after: 20, removedThrough: 20, next: 40 });
  },
);
