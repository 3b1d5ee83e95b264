import t from 'tap';
import type { TestInfo, Verdict } from '../../src/model.ts';
import { exitCodes } from '../../src/run/exit.ts';
import { resultOf } from '../../src/run/result.ts';
import { accountingError, finish, type Plan } from '../../src/run/run.ts';

function info(id: string, level: 'must' | 'should' = 'must'): TestInfo {
  return { id, title: id, level, requirements: [], requires: [] };
}

/** A run of tests named by their index, after these verdicts. */
function runOf(verdicts: readonly Verdict[], change: Partial<Plan> = {}, complaints: readonly string[] = []) {
  const planned = verdicts.map((_, index) => info(`area/topic/${index}`));
  const plan: Plan = {
    level: 'vectors',
    subject: { name: 'x', version: '1', language: '', url: '' },
    seed: 's',
    all: planned,
    planned,
    repeat: (id) => id,
    startedAtMs: Date.now(),
    ...change,
  };
  const results = verdicts.map((verdict, index) => resultOf(planned[index] as TestInfo, { verdict }));
  return finish(plan, results, complaints);
}

t.test('planned = sum of verdicts: what is lost, doubled or not planned is named', async (t) => {
  const [a, b] = [info('a'), info('b')];
  const result = (test: TestInfo) => resultOf(test, { verdict: 'pass' });
  t.equal(accountingError([a, b], [result(b), result(a)]), undefined);
  t.match(accountingError([a, b], [result(a)]), /b was planned and has no verdict/);
  t.match(accountingError([a], [result(a), result(a)]), /a was judged .*twice/);
  t.match(accountingError([a], [result(a), result(b)]), /b was judged without being planned/);
  t.match(accountingError([a, a], [result(a)]), /planned twice/);
});

t.test('exit codes', async (t) => {
  t.equal(runOf(['pass', 'unsupported', 'unjudged', 'known-failure']).exit, exitCodes.conformant);
  for (const verdict of ['fail', 'crash', 'hang', 'early-exit', 'protocol', 'not-run', 'unproven'] as const)
    t.equal(runOf(['pass', verdict]).exit, exitCodes.failures, verdict);
  t.equal(runOf(['pass', 'pass'], { planned: [info('area/topic/0')] }).exit, exitCodes.selfCheck, 'a broken sum');
  t.equal(runOf([]).exit, exitCodes.nothing, 'nothing selected');
  t.equal(runOf(['unsupported', 'unproven']).exit, exitCodes.nothing, 'nothing proven');
  t.equal(runOf(['known-failure', 'unsupported']).exit, exitCodes.nothing, 'nothing passed');
  t.equal(runOf(['unjudged', 'unjudged']).exit, exitCodes.nothing, 'nothing judged');
  t.equal(runOf(['pass'], {}, ['an entry is stale']).exit, exitCodes.failures, 'a complaint');
});

t.test('every failure says what was expected', async (t) => {
  const failures = ['fail', 'crash', 'hang', 'early-exit', 'protocol', 'not-run', 'unproven'] as const;
  for (const { verdict, expected } of runOf(failures).results) t.match(expected, /\w/, verdict);
  const said = resultOf(info('a'), { verdict: 'hang', expected: 'an end' });
  t.match(finish({ ...runOf([]), planned: [said.test] }, [said]).results, [{ expected: 'an end' }]);
  t.match(runOf(['pass', 'unsupported']).results, [{ expected: undefined }, { expected: undefined }]);
});

t.test('what should hold may fail, and may not crash', async (t) => {
  const planned = [info('a'), info('b', 'should')];
  const exitOf = (verdict: Verdict) =>
    finish(
      { ...runOf([]), all: planned, planned },
      planned.map((test, index) => resultOf(test, { verdict: index === 0 ? 'pass' : verdict })),
    ).exit;
  t.equal(exitOf('fail'), exitCodes.conformant);
  t.equal(exitOf('crash'), exitCodes.failures);
});

t.test('a badge needs every must of its profile and a trustworthy adapter', async (t) => {
  const adapterTest = info('zkcp/unknown-op');
  const all = [info('a/b/c'), info('a/b/d', 'should')];
  const badgeOf = (verdicts: readonly Verdict[]) => {
    const planned = [...all, adapterTest];
    const results = planned.map((test, index) => resultOf(test, { verdict: verdicts[index] ?? 'pass' }));
    return finish({ ...runOf([]), all, planned }, results).badges.find(({ profile }) => profile === 'vectors');
  };
  t.match(badgeOf(['pass', 'fail', 'pass']), { needed: 2, passed: 2, missing: [] });
  t.match(badgeOf(['pass', 'pass', 'fail']), { needed: 2, passed: 1, missing: ['zkcp/unknown-op'] });
  t.match(badgeOf(['unjudged', 'pass', 'pass']), { needed: 2, passed: 1, missing: ['a/b/c'] });
  t.match(badgeOf(['known-failure', 'pass', 'pass']), { needed: 2, passed: 1, missing: ['a/b/c'] });
});
