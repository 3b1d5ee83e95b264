import type { Fault } from '../faulty/fault.ts';
import type { Verdict } from '../model.ts';
import type { Result } from '../run/result.ts';
import { matches } from '../run/select.ts';

const KILLING: ReadonlySet<Verdict> = new Set<Verdict>(['fail', 'crash', 'hang', 'early-exit', 'protocol']);

/** Stands for the start of an adapter, which no test is part of. */
export const HELLO = 'zkcp/hello';

/** What the suite made of one fault. */
export interface Kill {
  readonly fault: Fault;
  /** Tests that found it. */
  readonly killers: readonly string[];
  /** Why the self-test fails over it, or undefined. */
  readonly complaint: string | undefined;
  readonly durationMs: number;
}

/** The ids of the tests that found something. What is merely unproven or was not run has found nothing. */
export function killersOf(results: readonly Result[]): string[] {
  return results.filter(({ verdict }) => KILLING.has(verdict)).map(({ test }) => test.id);
}

function complaintOf(fault: Fault, killers: readonly string[]): string | undefined {
  if (killers.length === 0) return 'it survives';
  const silent = fault.killedBy.find((pattern) => !killers.some((id) => matches(id, pattern)));
  if (silent !== undefined) return `${silent} does not find it; ${killers[0]} does`;
  const stranger = killers.find((id) => !fault.killedBy.some((pattern) => matches(id, pattern)));
  return stranger === undefined ? undefined : `${stranger} finds it and is not named`;
}

/** Each detector that a fault names must find it, and nothing else may. */
export function judgeKill(fault: Fault, killers: readonly string[], durationMs: number): Kill {
  return { fault, killers, complaint: complaintOf(fault, killers), durationMs };
}
