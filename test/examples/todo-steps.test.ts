import t from 'tap';
import { killAtEveryStep } from './todo/every-step.ts';

/** Four steps of a push, and four of a transaction with one row. */
const STEPS_MIN = 8;

t.test('examples/todo: after a kill before any step of pushing and applying, each edit was applied once', async (t) => {
  let steps = 0;
  for await (const { killAt, edits, applied } of killAtEveryStep(t)) {
    t.equal(applied, edits, `killed before step ${killAt}`);
    steps = killAt;
  }
  t.ok(steps >= STEPS_MIN, `${steps} steps`);
});
