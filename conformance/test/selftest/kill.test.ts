import t from 'tap';
import type { Verdict } from '../../src/model.ts';
import { resultOf } from '../../src/run/result.ts';
import { coverageText, neverKilled } from '../../src/selftest/coverage.ts';
import { judgeKill, killersOf } from '../../src/selftest/kill.ts';
import { killMatrix } from '../../src/selftest/matrix.ts';

function results(verdicts: Record<string, Verdict>) {
  return Object.entries(verdicts).map(([id, verdict]) =>
    resultOf({ id, title: '', level: 'must', requirements: [], requires: [] }, { verdict }),
  );
}

function complaint(killedBy: readonly string[], verdicts: Record<string, Verdict>, verdict?: Verdict) {
  const fault = { name: 'f', level: 'vectors' as const, what: 'is wrong', killedBy, ...(verdict && { verdict }) };
  return judgeKill(fault, killersOf(results(verdicts)), 0).complaint;
}

t.test('killed as named is no complaint', async (t) => {
  t.equal(complaint(['a/b/*'], { 'a/b/c': 'fail', 'a/b/d': 'pass', 'x/y/z': 'pass' }), undefined);
  t.equal(complaint(['a/b/c'], { 'a/b/c': 'hang' }, 'hang'), undefined);
});

t.test('a fault that survives, is found elsewhere or otherwise fails the self-test', async (t) => {
  t.equal(complaint(['a/b/*'], { 'a/b/c': 'pass' }), 'it survives');
  t.match(complaint(['a/b/*'], { 'x/y/z': 'fail' }), /a\/b\/\* does not find it; x\/y\/z does/);
  t.match(complaint(['a/b/*', 'k/**'], { 'a/b/c': 'fail' }), /k\/\*\* does not find it/);
  t.match(complaint(['a/b/*'], { 'a/b/c': 'fail', 'x/y/z': 'fail' }), /x\/y\/z finds it and is not named/);
  t.match(complaint(['a/b/*'], { 'a/b/c': 'crash' }), /a\/b\/c finds it by crash, not by fail/);
});

t.test('what is unproven, unsupported or was not run has found nothing', async (t) => {
  t.equal(complaint(['**'], { a: 'unproven', b: 'not-run', c: 'unsupported', d: 'known-failure' }), 'it survives');
});

t.test('the matrix counts the tests of each detector that find a fault', async (t) => {
  const fault = { name: 'short-tag', level: 'vectors' as const, what: '', killedBy: ['a/b/*'] };
  const kill = judgeKill(fault, killersOf(results({ 'a/b/c': 'fail', 'x/y/z': 'fail', 'a/b/d': 'fail' })), 0);
  const alive = judgeKill({ ...fault, name: 'alive' }, [], 0);
  const rows = ['fault      killed  found by', 'short-tag  NO      a/b 2, x/y 1', 'alive      NO      nothing', ''];
  t.equal(killMatrix([kill, alive]), rows.join('\n'));
});

t.test('a scenario that finds no fault is named', async (t) => {
  const tests = results({ 'a/b/c': 'pass', 'a/b/d': 'pass', 'x/y/z': 'pass' }).map(({ test }) => test);
  const fault = { name: 'f', level: 'relay' as const, what: '', killedBy: ['a/b/c'] };
  const kills = [judgeKill(fault, killersOf(results({ 'a/b/c': 'fail', 'a/b/d': 'unproven' })), 0)];
  t.same(neverKilled(tests, kills), ['a/b/d', 'x/y/z']);
  const text = coverageText(tests, kills);
  t.match(text, /^a\/b {7}2 {10}1$/m);
  t.match(text, /^never killed: 2 of 3\n {2}a\/b\/d\n {2}x\/y\/z\n$/m);
});
