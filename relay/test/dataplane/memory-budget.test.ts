import { PAGE_BYTES_MAX, UNSENT_BYTES_MAX } from '@0k-sync/generated/limits';
import t from 'tap';
import { MemoryBudget } from '../../src/dataplane/limits/memory-budget.ts';
import { Intake } from '../../src/dataplane/turns/intake.ts';

/** A holder that remembers its eviction. */
function holder() {
  return {
    isEvicted: false,
    evict() {
      this.isEvicted = true;
    },
  };
}

t.test('RL-71 finding/R1 the one that holds most goes first, and nobody else', async (t) => {
  const memory = new MemoryBudget(1000);
  const [small, large, middle] = [holder(), holder(), holder()];
  memory.hold(small, 100);
  memory.hold(large, 600);
  memory.hold(middle, 300);
  t.equal(memory.total, 1000);
  t.notOk(large.isEvicted, 'full is not too much');
  memory.hold(small, 101);
  t.same([small.isEvicted, large.isEvicted, middle.isEvicted], [false, true, false]);
  t.equal(memory.total, 401);
  memory.hold(middle, 5000);
  t.ok(middle.isEvicted, 'also the one that asks');
  memory.hold(small, 0);
  t.equal(memory.total, 0);
});

t.test('RL-71 finding/R1 an answer gets a part of what is free, so answers alone never fill the memory', async (t) => {
  const memory = new MemoryBudget(96_000);
  t.equal(memory.share, 1000);
  for (let reader = 0; reader < 10_000; reader += 1) memory.hold(holder(), memory.share);
  t.ok(memory.total <= 96_000);
  t.ok(memory.total > 90_000);
});

t.test('RL-40 RL-72 a whole page fits beside small answers while others hold a part of the memory', async (t) => {
  const memory = new MemoryBudget(64 * 1024 * 1024);
  memory.hold(holder(), 8 * 1024 * 1024);
  const smallAnswers = 16 * 1024;
  t.ok(Math.min(UNSENT_BYTES_MAX, memory.share) - smallAnswers >= PAGE_BYTES_MAX);
});

t.test('RL-63 finding/R4 a piece costs more than its bytes, because one byte takes an object', async (t) => {
  const intake = new Intake();
  for (let piece = 0; piece < 1000; piece += 1) intake.add(Uint8Array.of(piece & 0xff));
  t.ok(intake.bytes > 200_000);
  for (let piece = 0; piece < 1000; piece += 1) t.equal(intake.take()?.[0], piece & 0xff);
  t.equal(intake.bytes, 0);
  t.equal(intake.take(), undefined);
  t.notOk(intake.takeEnd());
  intake.add(Uint8Array.of(1));
  intake.end();
  t.notOk(intake.takeEnd(), 'not before the last piece');
  intake.take();
  t.ok(intake.takeEnd());
  t.notOk(intake.takeEnd(), 'once');
});
