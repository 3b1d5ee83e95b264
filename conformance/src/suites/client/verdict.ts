import { isDeepStrictEqual } from 'node:util';
import { TimedOut, within } from '@0k-sync/testkit/time';
import { contrast, cut } from '../../excerpt.ts';
import { Failed, Unproven } from '../../model.ts';

const TEXT_LENGTH_MAX = 300;
/** Longest wait for something that a client does by itself, ms: whatever takes longer hangs. */
const EVENT_MS = 60_000;

/** Throws `Failed` unless both are the same. */
export function expectSame(what: string, actual: unknown, expected: unknown): void {
  if (isDeepStrictEqual(actual, expected)) return;
  const texts = contrast(textOf(expected), textOf(actual));
  throw new Failed(texts.where === undefined ? what : `${what}, ${texts.where}`, texts.expected, texts.actual);
}

/** Throws `Failed` unless it holds. `what` is what is expected, also for who reads nothing else of the failure. */
export function expectTrue(what: string, holds: boolean, actual: unknown = 'not so'): void {
  if (!holds) throw new Failed('this does not hold', what, show(actual));
}

/** Runs what must work when nobody attacks: a failure proves nothing about the attack. */
export async function control<Value>(what: string, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Failed || error instanceof TimedOut) throw new Unproven(`${what}: ${error.message}`);
    throw error;
  }
}

/** Waits for what the client must have done before the scenario can go on. */
export async function comes<Value>(what: string, event: Promise<Value>): Promise<Value> {
  try {
    return await within(event, what, EVENT_MS);
  } catch (error) {
    // It already says what did not come.
    if (error instanceof TimedOut) throw new Unproven(error.message);
    if (error instanceof Failed) throw new Unproven(`${what}: ${error.message}`);
    throw error;
  }
}

function textOf(value: unknown): string {
  return JSON.stringify(value, (_, part) => (typeof part === 'bigint' ? `${part}` : part)) ?? 'nothing';
}

/** In few characters. */
export function show(value: unknown): string {
  return cut(textOf(value), TEXT_LENGTH_MAX);
}
