import { createNodeCrypto } from '@0k-sync/core/crypto/node';
import { classOf, type Result } from '@0k-sync/core/wire';
import { type ErrorName, errors } from '@0k-sync/generated/errors';
import type { Members } from '../zkcp/protocol.ts';
import { Reject } from '../zkcp/serve.ts';
import type { Input } from './input.ts';

/** One pure function: members of `in`, named draws, and the time. */
export type Op = (input: Input, draws: Input, nowMs: number | undefined) => Members;

/** Pure functions by their ZKCP names. */
export type Ops = Readonly<Record<string, Op>>;

/** The crypto provider of all ops: the native one of Node. */
export const crypto = await createNodeCrypto();

/** The answer to an error of the table. */
export function rejection(error: ErrorName, detail?: string): Reject {
  return new Reject(classOf(error), errors[error].number, detail);
}

/** The value, or the rejection that its error names. */
export function unwrap<Value>(result: Result<Value>): Value {
  if (!result.ok) throw rejection(result.error, result.detail);
  return result.value;
}

/** The value, or the rejection where there is none. */
export function given<Value>(value: Value | undefined, rejectClass: string): Value {
  if (value === undefined) throw new Reject(rejectClass);
  return value;
}
