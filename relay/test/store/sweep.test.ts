import { SWEEP_ITEMS_MAX } from '@0k-sync/generated/limits';
import { VirtualClock } from '@0k-sync/testkit/time';
import t from 'tap';
import { describe, enrol, ITEM_COST, openStore, readAll, Sender, sweepAll } from '../support/store.ts';

const clock = new VirtualClock();

t.test('RL-26 RL-50 RL-51 RL-68 removal by age, by size and after every Ack takes the low end only', async (t) => {
  const store = await openStore(t.testdir(), clock);
  t.teardown(() => store.close());
  const sender = new Sender(await enrol(store));
  const other = await enrol(store, sender.device.groupId);
  const { group } = sender.device.opened;
  const items = Array.from({ length: 10 }, () => sender.next());
  for (const item of items) {
    clock.stepWall(1000);
    await store.perform(sender.push(item));
  }
  t.equal(await sweepAll(store, {}), 0);
  t.equal(await sweepAll(store, { expireUntilMs: clock.wall() - 8000 }), 2, 'by age');
  t.same(readAll(store, group), [3, 4, 5, 6, 7, 8, 9, 10]);
  t.equal(await sweepAll(store, { groupBytes: 6 * ITEM_COST }), 2, 'by size');
  const acknowledge = (device: number, cursor: number) =>
    store.perform({ kind: 'acknowledge', device, cursor, delivered: cursor });
  await acknowledge(sender.device.opened.device, 7);
  t.equal(await sweepAll(store, { removeAcknowledged: true }), 0, 'one device has not acknowledged');
  await acknowledge(other.opened.device, 6);
  t.equal(await sweepAll(store, { removeAcknowledged: true }), 2, 'the lowest Ack counts');
  const stretch = store.readStretch({ group, after: 1, bytesMax: 9999, itemsMax: 99, expiredUntilMs: 0 });
  t.match(stretch, { after: 1, removedThrough: 6, next: 10, head: 10 });
  t.equal(await sweepAll(store, { expireUntilMs: clock.wall() }), 4);
  t.match(await store.perform({ kind: 'authorize', ...sender.device, enrolment: undefined, creator: undefined }), {
    head: 10,
    floor: 10,
  });
  t.same(describe(await store.perform(sender.push(...items.slice(0, 1)))), ['removed 0'], 'RL-26');
  t.same(describe(await store.perform(sender.push(...items.slice(9)))), ['removed 0'], 'RL-26');
  t.same(describe(await store.perform(sender.push(sender.next()))), ['accepted 11'], 'the chain goes on');
  t.equal(store.listDevices(group).records.length, 2);
});

t.test('RL-28 what was removed no longer counts against the quota', async (t) => {
  const store = await openStore(t.testdir(), clock, { quotas: { envelopesMax: 2 } });
  t.teardown(() => store.close());
  const sender = new Sender(await enrol(store));
  await store.perform(sender.push(sender.next(), sender.next()));
  const third = sender.next();
  t.same(describe(await store.perform(sender.push(third))), ['GROUP_QUOTA_EXCEEDED']);
  await sweepAll(store, { groupBytes: ITEM_COST });
  t.same(describe(await store.perform(sender.push(third))), ['accepted 3']);
});

t.test('RL-52 LI-37 one sweep removes at most SWEEP_ITEMS_MAX of a group and reaches every group', async (t) => {
  const store = await openStore(t.testdir(), clock);
  t.teardown(() => store.close());
  const large = new Sender(await enrol(store));
  const small: number[] = [];
  for (let index = 0; index < 450; index += 1) {
    const sender = new Sender(await enrol(store));
    await store.perform(sender.push(sender.next()));
    small.push(sender.device.opened.group);
  }
  for (let pushed = 0; pushed < SWEEP_ITEMS_MAX + 250; pushed += 250) {
    await store.perform(large.push(...Array.from({ length: 250 }, () => large.next())));
  }
  t.equal(await sweepAll(store, { expireUntilMs: clock.wall() }), SWEEP_ITEMS_MAX + 450);
  t.equal(readAll(store, large.device.opened.group).length, 250);
  t.ok(small.every((group) => readAll(store, group).length === 0));
});
