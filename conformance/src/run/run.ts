import type { Level, TestInfo, Verdict } from '../model.ts';
import { type Badge, badgesOf } from '../profiles.ts';
import { type ExitCode, exitCodes } from './exit.ts';
import { isBlocking, type Result, VERDICTS, withExpectation } from './result.ts';

/** The tested implementation, as it names itself, or the address of a target. */
export interface Subject {
  readonly name: string;
  readonly version: string;
  readonly language: string;
  readonly url: string;
}

/** The plan of a run, which stands before anything is run. */
export interface Plan {
  readonly level: Level;
  readonly subject: Subject;
  readonly seed: string;
  /** Every test of the level, selected or not: what a profile needs. */
  readonly all: readonly TestInfo[];
  readonly planned: readonly TestInfo[];
  /** The command that runs one test of it again. */
  readonly repeat: (id: string) => string;
  /** Time of the start, milliseconds since 1970. */
  readonly startedAtMs: number;
}

/** A run with its verdicts, ready to be reported. */
export interface Run extends Plan {
  readonly results: readonly Result[];
  readonly counts: Readonly<Record<Verdict, number>>;
  readonly warnings: readonly string[];
  /** Defects of the file of known failures. */
  readonly complaints: readonly string[];
  readonly badges: readonly Badge[];
  /** The reason why the sum of verdicts differs from the plan. */
  readonly broken: string | undefined;
  readonly durationMs: number;
  readonly exit: ExitCode;
}

/** Tests of the adapter itself: they say that an answer can be trusted, and prove nothing of the implementation. */
export const ADAPTER_AREA = 'zkcp/';

export function countVerdicts(results: readonly Result[]): Record<Verdict, number> {
  const counts = Object.fromEntries(VERDICTS.map((verdict) => [verdict, 0])) as Record<Verdict, number>;
  for (const { verdict } of results) counts[verdict] += 1;
  return counts;
}

/** Every planned test has one verdict, and nothing else has one; otherwise the reason. */
export function accountingError(planned: readonly TestInfo[], results: readonly Result[]): string | undefined {
  const open = new Set(planned.map(({ id }) => id));
  if (open.size !== planned.length) return 'a test is planned twice';
  for (const { test } of results)
    if (!open.delete(test.id)) return `${test.id} was judged without being planned, or twice`;
  const [missing] = open;
  return missing === undefined ? undefined : `${missing} was planned and has no verdict`;
}

type Judged = Omit<Run, 'exit' | 'durationMs'>;

/** The exit code of a run; the module `exit.ts` says what each means. */
function exitOf({ broken, planned, results, complaints, counts }: Judged): ExitCode {
  if (broken !== undefined) return exitCodes.selfCheck;
  if (planned.every(({ id }) => id.startsWith(ADAPTER_AREA))) return exitCodes.nothing;
  const blocking = results.filter(isBlocking);
  if (complaints.length > 0 || blocking.some(({ verdict }) => verdict !== 'unproven')) return exitCodes.failures;
  const proven = results.filter(({ test, verdict }) => verdict === 'pass' && !test.id.startsWith(ADAPTER_AREA)).length;
  if (proven === 0 || counts.unjudged > proven) return exitCodes.nothing;
  return blocking.length > 0 ? exitCodes.failures : exitCodes.conformant;
}

/** Counts, checks the sum and decides what the run means. */
export function finish(plan: Plan, results: readonly Result[], complaints: readonly string[] = []): Run {
  const judged: Judged = {
    ...plan,
    results: results.map(withExpectation),
    complaints,
    counts: countVerdicts(results),
    warnings: [...new Set(results.flatMap(({ warning }) => warning ?? []))],
    badges: badgesOf(
      plan.level,
      plan.all,
      plan.planned.filter(({ id }) => id.startsWith(ADAPTER_AREA)),
      results,
    ),
    broken: accountingError(plan.planned, results),
  };
  return { ...judged, durationMs: Date.now() - plan.startedAtMs, exit: exitOf(judged) };
}
