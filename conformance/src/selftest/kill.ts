import type { Verdict } from '../model.ts';
import type { Fault } from '../planted/fault.ts';
import type { Result } from '../run/result.ts';
import { matches } from '../run/select.ts';

const KILLING: ReadonlySet<Verdict> = new Set<Verdict>(['fail', 'crash', 'hang', 'early-exit', 'protocol']);

/** The id of an adapter's start, which belongs to no test. */
export const HELLO = 'zkcp/hello';

export interface Killer {
  readonly id: string;
  readonly verdict: Verdict;
}

/** The verdict of the suite on one fault. */
export interface Kill {
  readonly fault: Fault;
  /** Tests that found it, as they did. */
  readonly killers: readonly Killer[];
  /** The reason why the self-test fails over the fault, or undefined. */
  readonly complaint: string | undefined;
  readonly durationMs: number;
}

/** The tests that found something. What is merely unproven or was not run has found nothing. */
export function killersOf(results: readonly Result[]): Killer[] {
  return results.filter(({ verdict }) => KILLING.has(verdict)).map(({ test, verdict }) => ({ id: test.id, verdict }));
}

function complaintOf({ killedBy, verdict = 'fail' }: Fault, killers: readonly Killer[]): string | undefined {
  const [first] = killers;
  if (!first) return 'it survives';
  const silent = killedBy.find((pattern) => !killers.some(({ id }) => matches(id, pattern)));
  if (silent !== undefined) return `${silent} does not find it; ${first.id} does`;
  const stranger = killers.find(({ id }) => !killedBy.some((pattern) => matches(id, pattern)));
  if (stranger) return `${stranger.id} finds it and is not named`;
  const other = killers.find((killer) => killer.verdict !== verdict);
  return other && `${other.id} finds it by ${other.verdict}, not by ${verdict}`;
}

/** Each detector that a fault names must find it, in the way it says, and nothing else may. */
export function judgeKill(fault: Fault, killers: readonly Killer[], durationMs: number): Kill {
  return { fault, killers, complaint: complaintOf(fault, killers), durationMs };
}
