import { isDeepStrictEqual } from 'node:util';
import { TimedOut, within } from '../../kit/waiting.ts';
import { Failed, Unproven } from '../../model.ts';

const TEXT_LENGTH_MAX = 300;
/** Longest wait for something that a client does by itself. */
const EVENT_MS = 15_000;

/** Throws `Failed` unless both are the same. */
export function expectSame(what: string, actual: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(actual, expected)) throw new Failed(what, show(expected), show(actual));
}

/** Throws `Failed` unless it holds. */
export function expectTrue(what: string, holds: boolean, actual: unknown = 'not so'): void {
  if (!holds) throw new Failed(what, 'so', show(actual));
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
export function comes<Value>(what: string, event: Promise<Value>): Promise<Value> {
  return control(what, () => within(event, what, EVENT_MS));
}

/** In few characters. */
export function show(value: unknown): string {
  const text = JSON.stringify(value, (_, part) => (typeof part === 'bigint' ? `${part}` : part)) ?? 'nothing';
  return text.length > TEXT_LENGTH_MAX ? `${text.slice(0, TEXT_LENGTH_MAX)}…` : text;
}
