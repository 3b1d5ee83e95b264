import t from 'tap';
import type { Verdict } from '../../src/model.ts';
import { startLines } from '../../src/report/start.ts';
import { type Result, resultOf } from '../../src/run/result.ts';
import { vectors } from '../support/verdicts.ts';

/** The fixtures, all passed but those that are named. */
function results(verdicts: Readonly<Record<string, Verdict>>): Result[] {
  return vectors.tests.map((test) => resultOf(test, { verdict: verdicts[test.id] ?? 'pass' }));
}

t.test('a run without failures starts nowhere', async (t) => {
  t.strictSame(startLines(results({})), []);
});

t.test('failed positive cases come first, with the refusals that depend on them', async (t) => {
  const lines = startLines(
    results({
      'text/blake3/empty': 'crash',
      'text/nodeid/hexadecimal': 'fail',
      'text/nodeid/short': 'unproven',
      'text/preface/wrong-magic': 'fail',
    }),
  );
  t.strictSame(lines, [
    'start with text/nodeid/hexadecimal: 1 unproven depends on it',
    'then text/blake3/empty',
    'then text/preface/wrong-magic',
    'what it asks: 0k-conformance explain text/nodeid/hexadecimal',
  ]);
});

t.test('a known failure is a place to start only where something depends on it', async (t) => {
  t.strictSame(startLines(results({ 'text/blake3/empty': 'known-failure' })), []);
  const lines = startLines(results({ 'text/nodeid/hexadecimal': 'known-failure', 'text/nodeid/short': 'unproven' }));
  t.match(lines[0], 'start with text/nodeid/hexadecimal: 1 unproven');
});

t.test('what is merely unproven is no place to start', async (t) => {
  t.strictSame(startLines(results({ 'text/nodeid/short': 'unproven' })), []);
});
