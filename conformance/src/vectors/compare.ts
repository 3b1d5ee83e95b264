import { isObject } from '../zkcp/protocol.ts';

/** The first difference of two JSON values. */
export interface Difference {
  /** `ok.content.message`, empty for the values themselves. */
  readonly path: string;
  readonly expected: unknown;
  readonly actual: unknown;
}

function keysOf(expected: object, actual: object): string[] {
  return [...new Set([...Object.keys(expected), ...Object.keys(actual)])];
}

/** The first difference of two JSON values, or undefined when they are equal. Numbers and texts are never the same. */
export function firstDifference(expected: unknown, actual: unknown, path = ''): Difference | undefined {
  const areLists = Array.isArray(expected) && Array.isArray(actual);
  if (!areLists && !(isObject(expected) && isObject(actual)))
    return Object.is(expected, actual) ? undefined : { path, expected, actual };
  for (const key of keysOf(expected as object, actual as object)) {
    const of = (value: unknown) =>
      Object.hasOwn(value as object, key) ? (value as Record<string, unknown>)[key] : undefined;
    const difference = firstDifference(of(expected), of(actual), path === '' ? key : `${path}.${key}`);
    if (difference) return difference;
  }
  return undefined;
}
