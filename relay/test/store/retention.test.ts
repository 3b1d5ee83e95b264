import { VirtualClock } from '@0k-sync/testkit/time';
import t from 'tap';
import { readConfig } from '../../src/config/read.ts';
import { Retention } from '../../src/store/retention.ts';
import { enrol, openStore, readAll, Sender } from '../support/store.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

function setup(section: Record<string, unknown>) {
  const hand = new VirtualClock();
  const config = readConfig({ retention: section }, [], 'test').retention;
  return { hand, config };
}

t.test('RL-47 retention.age_seconds: what is too old expires by the clock, between two sweeps too', async (t) => {
  const { hand, config } = setup({ age_seconds: 86_400 });
  const store = await openStore(t.testdir(), hand);
  t.teardown(() => store.close());
  const retention = new Retention(config, store, store.retentionClock);
  const start = hand.wall();
  t.equal(retention.expiredUntil(), start - DAY_MS);
  hand.stepWall(1000);
  t.equal(retention.expiredUntil(), start + 1000 - DAY_MS);
  const never = setup({});
  t.equal(new Retention(never.config, store, store.retentionClock).expiredUntil(), 0);
});

t.test(
  'RL-52 retention.clock_step_seconds: a clock that jumps expires nothing at once and is followed slowly',
  async (t) => {
    const { hand, config } = setup({ age_seconds: 86_400 });
    const directory = t.testdir();
    const store = await openStore(directory, hand, { clockStepMs: HOUR_MS });
    const sender = new Sender(await enrol(store));
    const { group } = sender.device.opened;
    await store.perform(sender.push(sender.next(), sender.next()));
    const retention = new Retention(config, store, store.retentionClock);
    const start = hand.wall();
    hand.stepWall(3650 * DAY_MS);
    t.equal(retention.expiredUntil(), start + HOUR_MS - DAY_MS);
    for (let sweeps = 0; sweeps < 5; sweeps += 1) await retention.sweep();
    t.same(readAll(store, group, retention.expiredUntil()), [1, 2], 'nothing is lost');
    hand.stepWall(start + 1000 - hand.wall());
    await retention.sweep();
    t.equal(retention.expiredUntil(), start + 3 * HOUR_MS - DAY_MS, 'and it comes back as slowly');
    hand.stepWall(start + 2 * DAY_MS - hand.wall());
    for (let sweeps = 0; sweeps < 60; sweeps += 1) await retention.sweep();
    t.same(readAll(store, group), [], 'what is really old goes');
    await store.close();
    const last = hand.wall();
    hand.stepWall(3650 * DAY_MS);
    const reopened = await openStore(directory, hand, { clockStepMs: HOUR_MS });
    t.teardown(() => reopened.close());
    const afterRestart = new Retention(config, reopened, reopened.retentionClock);
    t.equal(afterRestart.expiredUntil(), last + 2 * HOUR_MS - DAY_MS, 'the clock survives a restart');
  },
);

t.test('RL-50 RL-53 retention.group_bytes and retention.remove_acknowledged', async (t) => {
  const store = await openStore(t.testdir(), new VirtualClock());
  t.teardown(() => store.close());
  const sender = new Sender(await enrol(store));
  const { group, device } = sender.device.opened;
  for (let index = 0; index < 10; index += 1) await store.perform(sender.push(sender.next()));
  const sweepWith = async (section: Record<string, unknown>) => {
    const { config } = setup(section);
    await new Retention(config, store, store.retentionClock).sweep();
    return readAll(store, group).length;
  };
  t.equal(await sweepWith({}), 10);
  t.equal(await sweepWith({ group_bytes: 4000 }), 7);
  await store.perform({ kind: 'acknowledge', device, cursor: 9, delivered: 10 });
  t.equal(await sweepWith({}), 7, 'off by default');
  t.equal(await sweepWith({ remove_acknowledged: true }), 1);
});

t.test('retention.sweep_seconds: it sweeps by itself, and stops', async (t) => {
  const { hand, config } = setup({ age_seconds: 10, sweep_seconds: 1 });
  const store = await openStore(t.testdir(), hand);
  t.teardown(() => store.close());
  const sender = new Sender(await enrol(store));
  await store.perform(sender.push(sender.next()));
  const retention = new Retention(config, store, store.retentionClock);
  retention.start();
  hand.stepWall(20_000);
  while (readAll(store, sender.device.opened.group).length > 0) await new Promise(setImmediate);
  await retention.stop();
});

t.test('RL-52 the clock passes with time between two sweeps, and gains one step on it at most', async (t) => {
  const { hand, config } = setup({ age_seconds: 86_400 });
  const directory = t.testdir();
  const store = await openStore(directory, hand, { clockStepMs: 60_000 });
  const { retentionClock } = store;
  const start = hand.wall();
  await hand.advance(5 * HOUR_MS);
  t.equal(retentionClock.read(), start + 5 * HOUR_MS);
  await new Retention(config, store, retentionClock).sweep();
  await store.close();
  hand.stepWall(60 * DAY_MS);
  const reopened = await openStore(directory, hand, { clockStepMs: 60_000 });
  t.teardown(() => reopened.close());
  t.equal(reopened.retentionClock.read(), start + 5 * HOUR_MS + 120_000, 'after a stop of 60 days');
  await hand.advance(60_000);
  t.equal(reopened.retentionClock.advance(), start + 5 * HOUR_MS + 180_000, 'twice the pace of time from then on');
});

t.test(
  'RL-30 a push while the wall clock is years ahead gets the retention clock, and expires like the rest',
  async (t) => {
    const { hand, config } = setup({ age_seconds: 86_400 });
    const store = await openStore(t.testdir(), hand, { clockStepMs: HOUR_MS });
    t.teardown(() => store.close());
    const retention = new Retention(config, store, store.retentionClock);
    const sender = new Sender(await enrol(store));
    const start = hand.wall();
    hand.stepWall(3650 * DAY_MS);
    const [ahead] = await store.perform(sender.push(sender.next()));
    t.equal(ahead?.receivedAtMs, start + HOUR_MS);
    hand.stepWall(start - hand.wall());
    const [next] = await store.perform(sender.push(sender.next()));
    t.equal(next?.receivedAtMs, start + HOUR_MS, 'it never falls');
    hand.stepWall(2 * DAY_MS);
    for (let sweeps = 0; sweeps < 49; sweeps += 1) await retention.sweep();
    t.same(readAll(store, sender.device.opened.group), []);
  },
);
