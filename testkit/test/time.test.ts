import t from 'tap';
import { TimedOut, VirtualClock, within } from '../src/time/index.ts';

t.test('timers fall due in order, at their time, and those that a timer sets too', async (t) => {
  const clock = new VirtualClock();
  const start = clock.wall();
  const seen: [string, number][] = [];
  const note = (name: string) => void seen.push([name, clock.monotonic()]);
  clock.after(30, () => note('third'));
  clock.after(10, () => {
    note('first');
    clock.after(5, () => note('second'));
  });
  const cancel = clock.after(20, () => note('cancelled'));
  cancel();
  await clock.advance(29);
  t.same(seen, [
    ['first', 10],
    ['second', 15],
  ]);
  await clock.advance(1);
  t.same(seen.at(-1), ['third', 30]);
  t.equal(clock.wall() - start, 30);
  t.equal(clock.now(), clock.wall());
});

t.test('what a timer starts has come to rest before the next one fires', async (t) => {
  const clock = new VirtualClock();
  const seen: string[] = [];
  const begin = async () => {
    for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    seen.push('at rest');
  };
  clock.after(1, () => void begin());
  clock.after(2, () => void seen.push('next'));
  await clock.advance(2);
  t.same(seen, ['at rest', 'next']);
});

t.test('a step of the wall clock moves neither deadlines nor the time that never goes back', async (t) => {
  const clock = new VirtualClock();
  let fired = 0;
  clock.after(1000, () => {
    fired += 1;
  });
  const before = clock.wall();
  clock.stepWall(-5000);
  t.equal(clock.wall(), before - 5000);
  clock.stepWall(60_000);
  await clock.advance(0);
  t.same([fired, clock.monotonic()], [0, 0]);
});

t.test('a wait ends with its value, or with what was waited for', async (t) => {
  const never = new Promise<never>(() => {});
  t.equal(await within(Promise.resolve(5), 'a value', Number.POSITIVE_INFINITY), 5);
  await t.rejects(within(never, 'a word', 1), new TimedOut('a word', 1));
});
