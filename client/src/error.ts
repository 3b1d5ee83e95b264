import { errorNameOf } from '@0k-sync/core/wire';
import type { ErrorName } from '@0k-sync/generated/errors';

/** The kind of a SyncError, one word that a program can tell apart. */
export type SyncErrorKind =
  /** The call needs a group: call `pair()` or `pairJoin()` first. */
  | 'not-paired'
  /** The device is in a group already. */
  | 'already-paired'
  /** The call needs a relay, and the group is local-only: call `group.addRelay()` first. */
  | 'no-relay'
  /** An argument or an option cannot be used. */
  | 'argument'
  /** The local store failed, is full, or is in use. */
  | 'store'
  /** No relay could be reached. */
  | 'unreachable'
  /** The relay refused; `code` tells the error and `relay` the relay. */
  | 'refused'
  /** The relay's keys are not the pinned ones. */
  | 'identity'
  /** The relay's data do not verify, or the relay broke the protocol. */
  | 'protocol'
  /** The invite cannot be used. */
  | 'invite'
  /** This runtime is too old, or lacks what the call needs. */
  | 'unsupported'
  /** The session was closed, or its signal aborted. */
  | 'closed';

/** The details of a SyncError besides its kind and sentence. */
export interface SyncErrorDetails {
  /** The user's remedy, one sentence. */
  readonly hint: string;
  /** Number of a row of the error table (spec/errors.md), if the protocol has one for it. */
  readonly code?: number;
  /** Address of the relay that the error is about, `host:port`. */
  readonly relay?: string;
  readonly cause?: unknown;
}

/** Every failure that this package reports on purpose: one sentence, a hint, and the relay that it is about. */
export class SyncError extends Error {
  override readonly name = 'SyncError';
  readonly kind: SyncErrorKind;
  /** The user's remedy, one sentence. */
  readonly hint: string;
  /** Number of a row of the error table (spec/errors.md); absent if the protocol has none for it. */
  readonly code?: number;
  /** Name of the same row, such as `RATE_LIMITED`. */
  readonly errorName?: ErrorName;
  /** Address of the relay that the error is about, `host:port`. */
  readonly relay?: string;

  constructor(kind: SyncErrorKind, message: string, { hint, code, relay, cause }: SyncErrorDetails) {
    super(message, { cause });
    this.kind = kind;
    this.hint = hint;
    if (code !== undefined) {
      this.code = code;
      this.errorName = errorNameOf(code);
    }
    if (relay !== undefined) this.relay = relay;
  }
}

/** The error for a call on a closed session. */
export function closedError(): SyncError {
  return new SyncError('closed', 'The session is closed.', { hint: 'Open a new session.' });
}
