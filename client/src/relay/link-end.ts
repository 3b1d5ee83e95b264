import { type ErrorName, errors } from '@0k-sync/generated/errors';
import { REFUSED_RETRY_MS, RETRY_AFTER_MS_MAX } from '@0k-sync/generated/limits';
import type { Error as WireError } from '@0k-sync/generated/wire/error';
import type { GoAway } from '@0k-sync/generated/wire/frame';
import { TransportError } from '@0k-sync/transport';
import { SyncError } from '../error.ts';
import { ProtocolViolation, RecordLost, RequestRefused, SessionEnded, TokenWithheld } from './errors.ts';
import { explainError, withheldTokenError } from './explain-error.ts';

/** The reason why a relay link is down, and what the link does next. CL-36, CL-37. */
export interface LinkEnd {
  readonly error: SyncError;
  /** `again`: at once. `wait`: after a time of CL-36. `stop`: when the app asks for it, or after `afterMs`. */
  readonly next: 'again' | 'wait' | 'stop';
  /** With `wait`, the time that the relay asked for, ms, 0 for none; with `stop`, Infinity when no attempt is due. */
  readonly afterMs: number;
  /** The unauthenticated failure; undefined for any other end. CL-37. */
  readonly failure: ErrorName | undefined;
}

/** The session that has ended, as far as it is known. */
export interface EndedLink {
  /** `host:port`. */
  readonly relay: string;
  /** The relay completed the handshake and showed no other key than those pinned: its Error frames are its own. CL-37. */
  readonly isAuthenticated: boolean;
  /** The relay had let this device in. */
  readonly hasEntered: boolean;
  readonly goAway: GoAway | undefined;
}

/** Errors that say nothing about this device: an Error frame with one of them ends no reconnecting. CL-37. */
const NEVER_FINAL: ReadonlySet<ErrorName> = new Set([
  'RECORD_INVALID',
  'FRAME_TOO_LARGE',
  'UNKNOWN_FRAME',
  'UNEXPECTED_FRAME',
  'STREAM_TRUNCATED',
  'CURSOR_GAP',
]);

/** Numbers of the refusals of this device or its group, which may be taken back. CL-37. */
const [TAKEN_BACK_MIN, TAKEN_BACK_MAX] = [1001, 1003] as const;

/** Explains the error that ended a connection attempt or a session. */
export function explainEnd(error: unknown, link: EndedLink): LinkEnd {
  const { relay } = link;
  if (error instanceof SessionEnded) return sessionEnd(error, link);
  if (error instanceof RequestRefused) return failureEnd(error.errorName, relay, error.remote);
  if (error instanceof ProtocolViolation) return failureEnd(error.errorName, relay);
  if (error instanceof TransportError) return transportEnd(error, relay);
  if (error instanceof SyncError) return { error, next: 'wait', afterMs: 0, failure: error.errorName }; // CL-68
  const message = `${relay}: ${error instanceof Error ? error.message : String(error)}`;
  const hint = 'This is a defect of the software; please report it.';
  const defect = new SyncError('protocol', message, { hint, relay, cause: error });
  return { error: defect, next: 'wait', afterMs: 0, failure: undefined };
}

/** Explains the error that a call to the relay at `relay` (`host:port`) ended with. */
export function explainFailure(error: unknown, relay: string): SyncError {
  return explainEnd(error, { relay, isAuthenticated: false, hasEntered: false, goAway: undefined }).error;
}

/** The table's name of the error that ended a session; undefined if it ended without one, or for another reason. */
export function endingError(error: unknown): ErrorName | undefined {
  if (error instanceof ProtocolViolation) return error.errorName;
  return error instanceof SessionEnded ? error.end.errorName : undefined;
}

function sessionEnd(ended: SessionEnded, { relay, isAuthenticated, hasEntered, goAway }: EndedLink): LinkEnd {
  const { errorName = 'RELAY_SHUTTING_DOWN', remote, isSilent } = ended.end;
  if (goAway !== undefined) return askedEnd('RELAY_SHUTTING_DOWN', relay, undefined, goAway.reconnectAfterMs);
  if (ended instanceof TokenWithheld) return { ...refusedEnd(errorName, relay), error: withheldTokenError(relay) };
  const error = explainError(errorName, relay, remote);
  if (ended instanceof RecordLost || (isSilent && hasEntered)) {
    return { error, next: 'again', afterMs: 0, failure: undefined }; // CL-38, SE-26
  }
  const isFinal = errors[errorName].retry === 'no' && !NEVER_FINAL.has(errorName);
  if (remote !== undefined && isAuthenticated && isFinal) return refusedEnd(errorName, relay, remote);
  return askedEnd(errorName, relay, remote, remote?.retryAfterMs);
}

/** The relay, proven, has refused this device. CL-37. */
function refusedEnd(errorName: ErrorName, relay: string, remote?: WireError): LinkEnd {
  const { number } = errors[errorName];
  const mayBeTakenBack = number >= TAKEN_BACK_MIN && number <= TAKEN_BACK_MAX;
  const afterMs = mayBeTakenBack ? REFUSED_RETRY_MS : Number.POSITIVE_INFINITY;
  return { error: explainError(errorName, relay, remote), next: 'stop', afterMs, failure: undefined };
}

/** The end of a session whose relay may have asked for a wait. ER-05. */
function askedEnd(errorName: ErrorName, relay: string, remote: WireError | undefined, askedMs = 0n): LinkEnd {
  return { ...failureEnd(errorName, relay, remote), afterMs: Math.min(Number(askedMs), RETRY_AFTER_MS_MAX) };
}

function failureEnd(errorName: ErrorName, relay: string, remote?: WireError): LinkEnd {
  const failure = errors[errorName].number < 2000 ? errorName : undefined;
  return { error: explainError(errorName, relay, remote), next: 'wait', afterMs: 0, failure };
}

function transportEnd(cause: TransportError, relay: string): LinkEnd {
  if (cause.kind === 'alpn') return failureEnd('UNSUPPORTED_VERSION', relay);
  const message = `${relay} cannot be reached: ${cause.message}.`;
  const error = new SyncError('unreachable', message, { hint: cause.hint, relay, cause });
  return { error, next: 'wait', afterMs: 0, failure: undefined };
}
