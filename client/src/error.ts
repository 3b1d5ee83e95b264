/** What went wrong, in one word that a program can tell apart. */
export type SyncErrorKind =
  /** There is no group yet: `pair()` or `pairJoin()` first. */
  | 'not-paired'
  /** A group is there already. */
  | 'already-paired'
  /** The caller gave something that cannot be used. */
  | 'argument'
  /** The local store failed, is full, or is in use. */
  | 'store'
  /** No relay could be reached. */
  | 'unreachable'
  /** The relay refused; `code` and `relay` say what and who. */
  | 'refused'
  /** The relay's keys are not the known ones. */
  | 'identity'
  /** What the relay sent does not hold together. */
  | 'protocol'
  /** The invite cannot be used. */
  | 'invite'
  /** The session was closed, or its signal aborted. */
  | 'closed';

/** What an error may tell besides its sentence. */
export interface SyncErrorDetails {
  /** What the user can do, one sentence. */
  readonly hint: string;
  /** Number of the error table, where the protocol has one. */
  readonly code?: number;
  /** Address of the relay that it is about. */
  readonly relay?: string;
  readonly cause?: unknown;
}

/** Every failure that this package throws on purpose: one sentence, a hint, and the relay it is about. */
export class SyncError extends Error {
  override readonly name = 'SyncError';
  readonly kind: SyncErrorKind;
  readonly hint: string;
  readonly code?: number;
  readonly relay?: string;

  constructor(kind: SyncErrorKind, message: string, details: SyncErrorDetails) {
    super(message, { cause: details.cause });
    this.kind = kind;
    this.hint = details.hint;
    if (details.code !== undefined) this.code = details.code;
    if (details.relay !== undefined) this.relay = details.relay;
  }
}

/** The session cannot be used any more. */
export function closedError(): SyncError {
  return new SyncError('closed', 'The session is closed.', { hint: 'Open a new one.' });
}
