import { equal, toHex } from '@0k-sync/core/bytes';
import { type ErrorName, errorNames, errors, type RejectClass } from '@0k-sync/generated/errors';
import { Failed, Unjudged, Unproven } from '../../model.ts';

type Comparable = bigint | boolean | number | string | Uint8Array | undefined | readonly (bigint | number | string)[];

/** Fails the scenario unless both are the same. */
export function same(what: string, actual: Comparable, expected: Comparable): void {
  const isSame =
    actual instanceof Uint8Array && expected instanceof Uint8Array
      ? equal(actual, expected)
      : textOf(actual) === textOf(expected);
  if (!isSame) throw new Failed(what, textOf(expected), textOf(actual));
}

/** Fails the scenario unless it holds. */
export function holds(what: string, condition: boolean, expected: string, actual: string): asserts condition {
  if (!condition) throw new Failed(what, expected, actual);
}

/** What has to work before anything can be said: its failure leaves the scenario unproven. What is unjudged stays so. */
export async function control<Value>(what: string, act: () => Promise<Value>): Promise<Value> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof Unproven || error instanceof Unjudged) throw error;
    throw new Unproven(`${what}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Fails the scenario unless the number's row has one of the classes. */
export function sameClass(what: string, code: number | undefined, ...classes: readonly RejectClass[]): void {
  const actual = code === undefined ? undefined : classOfCode(code);
  const isOne = actual !== undefined && classes.includes(actual);
  holds(what, isOne, classes.join(' or '), code === undefined ? 'no error' : `${code} ${actual ?? 'of no row'}`);
}

export function numberOf(name: ErrorName): number {
  return errors[name].number;
}

/** The reject class of a number; undefined when the table has no such row. */
export function classOfCode(code: number): RejectClass | undefined {
  const name = (errorNames as Readonly<Record<number, ErrorName>>)[code];
  return name === undefined ? undefined : errors[name].class;
}

function textOf(value: Comparable): string {
  if (value instanceof Uint8Array) return toHex(value);
  return Array.isArray(value) ? value.join(',') : String(value);
}
