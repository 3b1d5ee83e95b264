import { isDeepStrictEqual } from 'node:util';
import { Failed, Unproven } from '../../model.ts';

const TEXT_LENGTH_MAX = 300;

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
    if (error instanceof Failed) throw new Unproven(`${what}: ${error.message}`);
    throw error;
  }
}

/** In few characters. */
export function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > TEXT_LENGTH_MAX ? `${text.slice(0, TEXT_LENGTH_MAX)}…` : text;
}
