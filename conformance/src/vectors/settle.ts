import type { Verdict } from '../model.ts';
import type { Result } from '../run/result.ts';
import { isNegative, type VectorTest } from './case.ts';

interface Settled {
  readonly test: VectorTest;
  readonly result: Result;
}

/** A refusal proves nothing when what it was derived from, or every positive case of its op, is refused as well. */
function unprovenBy(
  { test, result }: Settled,
  verdicts: ReadonlyMap<string, Verdict>,
  provenOps: ReadonlySet<string>,
): string | undefined {
  if (!isNegative(test) || result.verdict !== 'pass') return undefined;
  if (test.twin !== undefined)
    return verdicts.get(test.twin) === 'pass'
      ? undefined
      : `its twin ${test.twin} is ${verdicts.get(test.twin) ?? 'not selected'}`;
  return provenOps.has(test.op) ? undefined : `no positive case of ${test.op} passed`;
}

/** One reading of each ambiguity must hold, and only one. */
function judgeChoices(all: readonly Settled[]): Map<string, Partial<Result>> {
  const groups = new Map<string, Settled[]>();
  for (const each of all) {
    const name = each.test.vector.choice_group;
    if (name !== undefined) groups.set(name, [...(groups.get(name) ?? []), each]);
  }
  const changes = new Map<string, Partial<Result>>();
  for (const [name, members] of groups) {
    const taken = members.filter(({ result }) => result.verdict === 'pass');
    const refused = members.filter(({ result }) => result.verdict === 'fail');
    if (taken.length + refused.length < members.length) continue;
    if (taken.length === 1)
      for (const { test } of refused)
        changes.set(test.id, { verdict: 'pass', detail: `the reading taken of ${name} is ${taken[0]?.test.id}` });
    else
      for (const { test } of members)
        changes.set(test.id, {
          verdict: 'fail',
          expected: `one reading of ${name}`,
          actual: taken.length === 0 ? 'none of them' : `several: ${taken.map((each) => each.test.id).join(', ')}`,
        });
  }
  return changes;
}

/** Verdicts that depend on other verdicts: readings of an ambiguity first, then refusals by their controls. */
export function settle(tests: readonly VectorTest[], results: readonly Result[]): Result[] {
  const all = tests.map((test, index) => ({ test, result: results[index] as Result }));
  const choices = judgeChoices(all);
  const chosen = all.map(({ test, result }) => ({ test, result: { ...result, ...choices.get(test.id) } }));
  const verdicts = new Map(chosen.map(({ test, result }) => [test.id, result.verdict]));
  const provenOps = new Set(
    chosen.filter(({ test, result }) => !isNegative(test) && result.verdict === 'pass').map(({ test }) => test.op),
  );
  return chosen.map((each) => {
    const detail = unprovenBy(each, verdicts, provenOps);
    return detail === undefined ? each.result : { ...each.result, verdict: 'unproven', detail };
  });
}
