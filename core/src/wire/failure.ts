import { type ErrorName, errorNames, errors, type RejectClass } from '@0k-sync/generated/errors';

/** Why input was refused: a row of the error table, and one sentence without secrets. ER-04. */
export interface Failure {
  readonly ok: false;
  readonly error: ErrorName;
  readonly detail: string;
}

/** A value, or the reason why there is none. Input of others fails as data; only callers' mistakes throw. */
export type Result<Value> = { readonly ok: true; readonly value: Value } | Failure;

export function succeed<Value>(value: Value): { readonly ok: true; readonly value: Value } {
  return { ok: true, value };
}

export function fail(error: ErrorName, detail: string): Failure {
  return { ok: false, error, detail };
}

/** The reject class of an error. */
export function classOf(error: ErrorName): RejectClass {
  return errors[error].class;
}

const names: Readonly<Record<number, ErrorName>> = errorNames;
const OVERLOAD_MIN = 3000;

/** The error that a number from the wire means; numbers of no row are treated as ER-06 says. */
export function errorNameOf(code: number): ErrorName {
  return names[code] ?? (code >= OVERLOAD_MIN ? 'RELAY_OVERLOADED' : 'INVALID_MESSAGE');
}

/** A row of the error table as something to throw: for an application's face, never inside the engine. */
export class ProtocolError extends Error {
  /** The number that goes over the wire. */
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
