import t from 'tap';
import { type Look, type Watched, WindowWatch } from '../src/quic/window-watch.ts';
import { manualClock } from './manual-clock.ts';

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

t.test('RL-72 finding/R9 single looks share the time with those that wait for room, in their order', async (t) => {
  const { clock, pass, isIdle, runUntil } = manualClock();
  const watch = new WindowWatch(clock);
  const seen: string[] = [];
  watch.add({
    look: () => {
      seen.push('window');
      pass(2);
      return 'still';
    },
  });
  const givenUp = watch.once(1, () => seen.push('given up'));
  for (const name of ['first', 'second']) {
    watch.once(1, () => {
      seen.push(name);
      pass(2);
    });
  }
  givenUp();
  runUntil(20);
  t.same(seen, ['window', 'first']);
  runUntil(30);
  t.same(seen, ['window', 'first', 'second']);
  t.notOk(isIdle(), 'the window still waits');
});
