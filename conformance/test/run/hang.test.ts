import t from 'tap';
import { faultyAdapter } from '../support/commands.ts';
import { having, verdictsOf } from '../support/verdicts.ts';

// A hang is found by waiting.
t.setTimeout(120_000);

/** Short, as each hang waits for it twice; an answer comes within milliseconds. */
const DEADLINE_MS = 10_000;

t.test('a hang falls on the one case that hangs, in bounded time', async (t) => {
  const verdicts = await verdictsOf(t, faultyAdapter('hangs-on-one-case'), { deadlineMs: DEADLINE_MS });
  t.strictSame(having(verdicts, 'hang'), ['text/preface/hybrid']);
  t.strictSame(having(verdicts, 'unproven'), ['text/preface/wrong-magic']);
  t.equal(having(verdicts, 'not-run').length, 0);
});

t.test('late answers are hangs', async (t) => {
  const verdicts = await verdictsOf(t, faultyAdapter('answers-late'), {
    deadlineMs: DEADLINE_MS,
    only: ['text/blake3/*'],
  });
  t.strictSame(having(verdicts, 'hang'), ['text/blake3/empty']);
});
