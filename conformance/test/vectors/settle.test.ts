import t from 'tap';
import type { Verdict } from '../../src/model.ts';
import { resultOf } from '../../src/run/result.ts';
import type { VectorTest } from '../../src/vectors/case.ts';
import { settle } from '../../src/vectors/settle.ts';

interface Given {
  readonly id: string;
  readonly verdict: Verdict;
  readonly negative?: true;
  readonly twin?: string;
  readonly choice?: string;
  readonly op?: string;
}

function settled(cases: readonly Given[]): Verdict[] {
  const tests = cases.map(({ id, negative, twin, choice, op = 'x' }) => {
    const expect = negative ? { reject: { class: ['frame.parse'] } } : { ok: {} };
    return { id, op, twin, vector: { id, expect, choice_group: choice } } as unknown as VectorTest;
  });
  const results = cases.map(({ verdict }, index) => resultOf(tests[index] as VectorTest, { verdict }));
  return settle(tests, results).map(({ verdict }) => verdict);
}

t.test('a refusal whose twin did not pass is unproven', async (t) => {
  const negative = { id: 'n', negative: true, twin: 'p', verdict: 'pass' } as const;
  t.strictSame(settled([{ id: 'p', verdict: 'pass' }, negative]), ['pass', 'pass']);
  for (const verdict of ['fail', 'crash', 'not-run', 'unsupported'] as const)
    t.strictSame(settled([{ id: 'p', verdict }, negative]), [verdict, 'unproven'], verdict);
  t.strictSame(settled([negative]), ['unproven'], 'without its twin');
});

t.test('a refusal without a twin needs any positive case of its op', async (t) => {
  const negative = { id: 'n', negative: true, verdict: 'pass' } as const;
  t.strictSame(settled([{ id: 'p', verdict: 'pass' }, negative]), ['pass', 'pass']);
  t.strictSame(settled([{ id: 'p', verdict: 'pass', op: 'y' }, negative]), ['pass', 'unproven']);
});

t.test('a refusal that failed stays a failure', async (t) => {
  t.strictSame(
    settled([
      { id: 'p', verdict: 'fail' },
      { id: 'n', negative: true, twin: 'p', verdict: 'fail' },
    ]),
    ['fail', 'fail'],
  );
});

t.test('exactly one reading of an ambiguity holds', async (t) => {
  const readings = (...verdicts: Verdict[]) =>
    verdicts.map((verdict, index) => ({ id: `r${index}`, verdict, choice: 'c' }));
  t.strictSame(settled(readings('pass', 'fail')), ['pass', 'pass']);
  t.strictSame(settled(readings('fail', 'fail')), ['fail', 'fail']);
  t.strictSame(settled(readings('pass', 'pass')), ['fail', 'fail']);
  t.strictSame(settled(readings('pass', 'crash')), ['pass', 'crash']);
});
