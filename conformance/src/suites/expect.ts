import { isDeepStrictEqual } from 'node:util';
import { toHex } from '@0k-sync/core/bytes';
import { type ErrorName, errorNames, errors, type RejectClass } from '@0k-sync/generated/errors';
import { Ended, HandshakeFailed, OtherAnswer } from '@0k-sync/testkit/raw';
import { TimedOut, within } from '@0k-sync/testkit/time';
import { TransportError } from '@0k-sync/transport';
import { contrast, cut } from '../excerpt.ts';
import { Failed, Unproven } from '../model.ts';

const TEXT_LENGTH_MAX = 300;
/** Longest wait for what a scenario needs, ms: whatever takes longer hangs. */
const HANG_MS = 60_000;

/** Throws `Failed` unless both are the same. */
export function expect(what: string, actual: unknown, expected: unknown): void {
  if (isDeepStrictEqual(comparable(actual), comparable(expected))) return;
  const texts = contrast(textOf(expected), textOf(actual));
  throw new Failed(texts.where === undefined ? what : `${what}, ${texts.where}`, texts.expected, texts.actual);
}

/** Throws `Failed` unless the named members of a value are the expected ones; its other members may be anything. */
export function expectMembers<Value extends object>(
  what: string,
  actual: Value | undefined,
  expected: Partial<Record<keyof Value, unknown>>,
): void {
  const members = (value: object | undefined) =>
    Object.fromEntries(Object.keys(expected).map((name) => [name, comparable(value?.[name as never])]));
  expect(what, members(actual), members(expected));
}

/** Throws `Failed` unless the condition holds. `expected` says what was expected to anybody who reads nothing else. */
export function expectThat(
  what: string,
  condition: boolean,
  expected: string,
  actual: unknown = 'not so',
): asserts condition {
  if (!condition) throw new Failed(what, expected, typeof actual === 'string' ? actual : show(actual));
}

/** Throws `Failed` unless the row of an error number has one of the classes. */
export function expectClass(what: string, code: number | undefined, ...classes: readonly RejectClass[]): void {
  const actual = code === undefined ? undefined : classOfCode(code);
  const shown = code === undefined ? 'no error' : `${code} ${actual ?? 'of no row'}`;
  expectThat(what, actual !== undefined && classes.includes(actual), classes.join(' or '), shown);
}

/** Runs what must work when nobody attacks. Its failure makes the scenario unproven. */
export async function control<Value>(what: string, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    const failure = failureOf(error);
    if (failure instanceof Failed) throw new Unproven(`${what}: ${failure.message}`);
    throw error;
  }
}

/** Waits for what must have happened before the scenario can go on. */
export function comes<Value>(what: string, event: Promise<Value>): Promise<Value> {
  return control(what, () => within(event, what, HANG_MS));
}

/** A promise, and what resolves it: an event that a hook counts. */
export function event<Value = void>(): {
  readonly seen: Promise<Value>;
  readonly happened: (value: Value) => void;
} {
  const { promise: seen, resolve: happened } = Promise.withResolvers<Value>();
  return { seen, happened };
}

/** A duty that the other end failed, as `Failed`; any other error stays as it is. */
export function failureOf(error: unknown): unknown {
  if (error instanceof TimedOut || error instanceof Ended) return new Failed('waiting', 'an answer', error.message);
  if (error instanceof OtherAnswer) return new Failed('a request', error.expected, error.actual);
  if (error instanceof HandshakeFailed) return new Failed('an honest handshake', 'its end', error.message);
  if (error instanceof TransportError) return new Failed('connecting', 'a connection', error.message);
  return error;
}

export function numberOf(name: ErrorName): number {
  return errors[name].number;
}

/** The reject class of a number; undefined when the table has no such row. */
export function classOfCode(code: number): RejectClass | undefined {
  const name = (errorNames as Readonly<Record<number, ErrorName>>)[code];
  return name === undefined ? undefined : errors[name].class;
}

/** A value in few characters. */
export function show(value: unknown): string {
  return cut(textOf(value), TEXT_LENGTH_MAX);
}

function comparable(value: unknown): unknown {
  return value instanceof Uint8Array ? toHex(value) : value;
}

function textOf(value: unknown): string {
  if (value instanceof Uint8Array) return toHex(value);
  const shown = (_: string, part: unknown) => {
    if (typeof part === 'bigint') return `${part}`;
    return comparable(part);
  };
  return JSON.stringify(value, shown) ?? 'nothing';
}
