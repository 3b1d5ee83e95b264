import type { Outcome, TestInfo, Verdict } from '../model.ts';
import { copyText } from '../zkcp/log.ts';

/** The finding of one attempt at a test. */
export interface Judgement {
  readonly verdict: Verdict;
  readonly expected?: string | undefined;
  readonly actual?: string | undefined;
  readonly detail?: string | undefined;
  /** The end of what other processes than the run's own adapter wrote to stderr. */
  readonly stderr?: string | undefined;
  /** Remarks for a person that are no failures. */
  readonly warning?: string | undefined;
}

/** An outcome with what helps to understand and to repeat it. */
export interface Result extends Outcome {
  /** The ZKCP lines of the test and the frames of its ends: `→` is the runner's, `←` came. */
  readonly log: readonly string[];
  /** The end of what the adapter wrote to stderr; only of failures. */
  readonly stderr?: string | undefined;
  readonly warning?: string | undefined;
  /** The verdict of a known failure, as if it were not known. */
  readonly excused?: Verdict | undefined;
  /** Link to the issue of a known failure. */
  readonly issue?: string | undefined;
}

/** Every verdict, in the order in which reports count them. */
export const VERDICTS: readonly Verdict[] = [
  'pass',
  'fail',
  'unproven',
  'unsupported',
  'unjudged',
  'crash',
  'hang',
  'early-exit',
  'protocol',
  'not-run',
  'known-failure',
];

const HARMLESS: ReadonlySet<Verdict> = new Set<Verdict>(['pass', 'unsupported', 'unjudged', 'known-failure']);

/** True for what makes the run fail. What merely should hold may fail; it may not crash, hang or break the protocol. */
export function isBlocking(result: Outcome): boolean {
  if (HARMLESS.has(result.verdict)) return false;
  return !(result.verdict === 'fail' && result.test.level === 'should');
}

/** True for what says nothing of the implementation: it disclaims what the test needs, or the target does not let us ask. */
export function isSkipped({ verdict }: Outcome): boolean {
  return verdict === 'unsupported' || verdict === 'unjudged';
}

/** True for what a report explains: everything that is neither a pass nor skipped. */
export function isFailure(result: Outcome): boolean {
  return result.verdict !== 'pass' && !isSkipped(result);
}

/** More of one text explains nothing. */
const TEXT_LENGTH_MAX = 16_384;

/** `judgement` with texts of its own: they may be pieces of an answer of 16 MiB. */
function copied(judgement: Judgement): Judgement {
  const texts = Object.entries(judgement).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return { ...judgement, ...Object.fromEntries(texts.map(([name, text]) => [name, copyText(text, TEXT_LENGTH_MAX)])) };
}

/** The expectation of a test that could not state it itself. */
const EXPECTED: Readonly<Partial<Record<Verdict, string>>> = {
  fail: 'the test to pass',
  crash: 'an answer, and an adapter that stays',
  'early-exit': 'an answer, and an adapter that stays until bye',
  hang: 'an answer in time',
  protocol: 'one answer to each request, and nothing else on stdout',
  unproven: 'its control to pass: without it the test proves nothing',
  'not-run': 'an adapter that can be asked',
  'known-failure': 'the test to pass',
};

/** The result with what was expected: every failure says it. */
export function withExpectation(result: Result): Result {
  return { ...result, expected: result.expected ?? EXPECTED[result.verdict] };
}

export function resultOf(test: TestInfo, judgement: Judgement, rest: Partial<Result> = {}): Result {
  return { test, durationMs: 0, log: [], ...rest, ...copied(judgement) };
}
