import type { Test } from 'tap';
import type { Verdict } from '../../src/model.ts';
import type { LevelRunOptions } from '../../src/run/level-run.ts';
import { accountingError } from '../../src/run/run.ts';
import { runVectors } from '../../src/run/vectors.ts';
import { loadVectors } from '../../src/vectors/load.ts';
import { FIXTURE_VECTORS } from './commands.ts';

export const vectors = await loadVectors(FIXTURE_VECTORS);

/** Runs the fixtures on an adapter. Verdicts by id; the sum is checked on the way. */
export async function verdictsOf(
  t: Test,
  adapter: string,
  change: Partial<LevelRunOptions> = {},
): Promise<Record<string, Verdict>> {
  const options = { adapter, only: [], seed: 'fixed', deadlineMs: 20_000, startDeadlineMs: 60_000, ...change };
  const { plan, results } = await runVectors(vectors, options);
  t.equal(accountingError(plan.planned, results), undefined, 'planned = sum of verdicts');
  return Object.fromEntries(results.map(({ test, verdict }) => [test.id, verdict]));
}

/** The ids with that verdict, sorted. */
export function having(verdicts: Record<string, Verdict>, verdict: Verdict): string[] {
  return Object.keys(verdicts)
    .filter((id) => verdicts[id] === verdict)
    .sort();
}
