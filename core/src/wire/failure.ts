import { type ErrorName, errorNames, errors, type RejectClass } from '@0k-sync/generated/errors';

/** The reason why input was refused: a row of the error table, and one sentence without secrets. ER-04. */
export interface Failure {
  readonly ok: false;
  readonly error: ErrorName;
  readonly detail: string;
}

/** A value, or the reason why there is none. Bad input of others is a Failure; only callers' mistakes throw. */
export type Result<Value> = { readonly ok: true; readonly value: Value } | Failure;

/** Returns a value as a Result. */
export function succeed<Value>(value: Value): { readonly ok: true; readonly value: Value } {
  return { ok: true, value };
}

/** Returns a failure as a Result. `detail` is one sentence without secrets. ER-04. */
export function fail(error: ErrorName, detail: string): Failure {
  return { ok: false, error, detail };
}

/** Returns the reject class of an error. */
export function classOf(error: ErrorName): RejectClass {
  return errors[error].class;
}

const names: Readonly<Record<number, ErrorName>> = errorNames;
const OVERLOAD_MIN = 3000;

/** Returns the name of an error number from the wire; unknown numbers follow ER-06. */
export function errorNameOf(code: number): ErrorName {
  return names[code] ?? (code >= OVERLOAD_MIN ? 'RELAY_OVERLOADED' : 'INVALID_MESSAGE');
}

/**
 * Returns the name of the error that a connection was closed with, without an Error frame: of what anybody on the way can
 * write, only what says why there is no channel is believed. ER-07.
 */
export function closeErrorOf(code: number): ErrorName {
  const isOfChannel = code === errors.INVALID_MESSAGE.number || (code >= 1010 && code <= 1023);
  return (isOfChannel && names[code]) || 'STREAM_TRUNCATED';
}

/** A row of the error table to be thrown to an application; the engine itself never throws it. */
export class ProtocolError extends Error {
  /** The number that goes over the wire; `name` is its name. */
  readonly code: number;
  override readonly name: ErrorName;
  /** The reject class. */
  readonly class: RejectClass;
  /** One sentence for people; no secrets. ER-04. */
  readonly detail: string;

  constructor(error: ErrorName, detail: string = errors[error].meaning, options?: ErrorOptions) {
    super(detail, options);
    this.name = error;
    this.code = errors[error].number;
    this.class = errors[error].class;
    this.detail = detail;
  }

  static from({ error, detail }: Failure): ProtocolError {
    return new ProtocolError(error, detail);
  }
}
