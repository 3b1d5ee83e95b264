import t from 'tap';
import { type Look, type Watched, WindowWatch } from '../src/quic/window-watch.ts';

/** A clock that stands still until a test moves it. */
function manualClock() {
  let time = 0;
  let timer: { readonly at: number; readonly callback: () => void } | undefined;
  const clock = {
    now: () => time,
    after: (delayMs: number, callback: () => void) => {
      const set = { at: time + delayMs, callback };
      timer = set;
      return () => {
        if (timer === set) timer = undefined;
      };
    },
  };
  return {
    clock,
    pass: (milliseconds: number) => {
      time += milliseconds;
    },
    isIdle: () => timer === undefined,
    /** Runs timers up to a time. */
    runUntil: (end: number) => {
      while (timer !== undefined && timer.at <= end) {
        const { at, callback } = timer;
        timer = undefined;
        time = Math.max(time, at);
        callback();
      }
      time = Math.max(time, end);
    },
  };
}

t.test(
  'RL-72 finding/R1 looks take a fifth of the time at most, however many wait and however long a look takes',
  async (t) => {
    const { clock, pass, runUntil } = manualClock();
    const watch = new WindowWatch(clock);
    const looks = Array.from({ length: 120 }, () => 0);
    for (const index of looks.keys()) {
      const look = (): Look => {
        looks[index] = (looks[index] ?? 0) + 1;
        pass(2);
        return 'still';
      };
      watch.add({ look });
    }
    runUntil(10_000);
    const total = looks.reduce((sum, count) => sum + count, 0);
    t.ok(total <= 1001, `${total} looks`);
    t.ok(total >= 900, `${total} looks`);
    t.ok(Math.max(...looks) - Math.min(...looks) <= 1, 'everybody is looked at as often');
  },
);

t.test('RL-72 pauses grow while nothing moves, and who has room or leaves is looked at no more', async (t) => {
  const { clock, isIdle, runUntil } = manualClock();
  const watch = new WindowWatch(clock);
  const seen: number[] = [];
  let answer: Look = 'still';
  const one: Watched = {
    look: () => {
      seen.push(clock.now());
      return answer;
    },
  };
  watch.add(one);
  watch.add(one);
  runUntil(31);
  t.same(seen, [1, 3, 7, 15, 31]);
  answer = 'moved';
  runUntil(64);
  t.same(seen.slice(5), [63, 64]);
  answer = 'room';
  runUntil(10_000);
  t.same(seen.slice(7), [65]);
  t.ok(isIdle());
  watch.add(one);
  watch.delete(one);
  t.ok(isIdle());
});
