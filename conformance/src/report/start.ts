import { isFailure, type Result } from '../run/result.ts';
import { shellWord } from '../run/shell.ts';
import { isNegative, type VectorTest } from '../vectors/case.ts';

/** Number of failures shown; more would be as long as the report. */
const LINES_MAX = 5;
/** Verdicts that other verdicts, or a lack of time, explain: they show no cause. */
const CONSEQUENCES: readonly string[] = ['unproven', 'not-run'];

interface Failed {
  readonly id: string;
  readonly isPositive: boolean;
  /** Refusals that prove nothing as long as it fails. */
  readonly unproven: number;
}

function isVector(test: Result['test']): test is VectorTest {
  return 'vector' in test;
}

/** A refusal with a twin depends on that one, any other on the positive cases of its op. */
function dependsOn({ twin, op }: VectorTest, { test: control }: { readonly test: VectorTest }): boolean {
  return twin === undefined ? op === control.op && !isNegative(control) : twin === control.id;
}

/** Failures that have a cause of their own, those that the most depends on first. */
function causesOf(results: readonly Result[]): Failed[] {
  const vectors = results.flatMap(({ test, verdict, ...rest }) => (isVector(test) ? [{ ...rest, test, verdict }] : []));
  const unproven = vectors.filter(({ verdict }) => verdict === 'unproven');
  return vectors
    .filter((result) => isFailure(result) && !CONSEQUENCES.includes(result.verdict))
    .map((failed) => ({
      id: failed.test.id,
      isPositive: !isNegative(failed.test),
      isKnown: failed.verdict === 'known-failure',
      unproven: unproven.filter(({ test }) => dependsOn(test, failed)).length,
    }))
    .filter((failed) => !failed.isKnown || failed.unproven > 0)
    .sort((a, b) => Number(b.isPositive) - Number(a.isPositive) || b.unproven - a.unproven);
}

/** Lines that say where to start after a run of vectors, one for each of the first failures. */
export function startLines(results: readonly Result[]): string[] {
  const causes = causesOf(results);
  const [first] = causes;
  if (!first) return [];
  const lines = causes.slice(0, LINES_MAX).map(({ id, unproven }, index) => {
    const depends = unproven === 0 ? '' : `: ${unproven} unproven depend${unproven === 1 ? 's' : ''} on it`;
    return `${index === 0 ? 'start with' : 'then'} ${id}${depends}`;
  });
  const rest = causes.length - lines.length;
  return [
    ...lines,
    ...(rest > 0 ? [`and ${rest} more failures`] : []),
    `what it asks: 0k-conformance explain ${shellWord(first.id)}`,
  ];
}
