import { type ErrorName, errors } from '@0k-sync/generated/errors';
import type { Error as WireError } from '@0k-sync/generated/wire/error';
import type { GoAway } from '@0k-sync/generated/wire/frame';
import { TransportError } from '@0k-sync/transport';
import { SyncError } from '../error.ts';
import { ProtocolViolation, RecordLost, RequestRefused, SessionEnded } from './errors.ts';
import { explainError } from './explain-error.ts';

/** The reason why a relay link is down, and what the link does next. CL-36, CL-37. */
export interface LinkEnd {
  readonly error: SyncError;
  /** `again`: at once. `wait`: after a backoff. `stop`: only when the app asks for it. */
  readonly next: 'again' | 'wait' | 'stop';
  /** The relay asked to wait at least this long, ms; 0 if it did not ask. */
  readonly afterMs: number;
}

/** Explains the error that ended a connection attempt or a session with `relay` (`host:port`). */
export function explainEnd(error: unknown, relay: string, goAway?: GoAway): LinkEnd {
  if (error instanceof SessionEnded) return sessionEnd(error, relay, goAway);
  if (error instanceof RequestRefused) return tableEnd(error.errorName, relay, error.remote);
  if (error instanceof ProtocolViolation) return tableEnd(error.errorName, relay);
  if (error instanceof TransportError) return transportEnd(error, relay);
  if (error instanceof SyncError) return { error, next: 'stop', afterMs: 0 };
  const message = `${relay}: ${error instanceof Error ? error.message : String(error)}`;
  const hint = 'This is a defect of the software; please report it.';
  return { error: new SyncError('protocol', message, { hint, relay, cause: error }), next: 'stop', afterMs: 0 };
}

/** The table's name of the error that ended a session; undefined if it ended without one, or for another reason. */
export function endingError(error: unknown): ErrorName | undefined {
  if (error instanceof ProtocolViolation) return error.errorName;
  return error instanceof SessionEnded ? error.end.errorName : undefined;
}

function sessionEnd(ended: SessionEnded, relay: string, goAway: GoAway | undefined): LinkEnd {
  const { errorName = 'RELAY_SHUTTING_DOWN', remote } = ended.end;
  const afterMs = Number(goAway?.reconnectAfterMs ?? remote?.retryAfterMs ?? 0n);
  const end = goAway === undefined ? tableEnd(errorName, relay, remote) : tableEnd('RELAY_SHUTTING_DOWN', relay);
  return { ...end, afterMs, ...(ended instanceof RecordLost && { next: 'again' }) };
}

function tableEnd(errorName: ErrorName, relay: string, remote?: WireError): LinkEnd {
  const next = errors[errorName].retry === 'no' ? 'stop' : 'wait';
  return { error: explainError(errorName, relay, remote), next, afterMs: 0 };
}

function transportEnd(cause: TransportError, relay: string): LinkEnd {
  if (cause.kind === 'alpn') return tableEnd('UNSUPPORTED_VERSION', relay);
  const message = `${relay} cannot be reached: ${cause.message}.`;
  const error = new SyncError('unreachable', message, { hint: cause.hint, relay, cause });
  return { error, next: cause.kind === 'unavailable' ? 'stop' : 'wait', afterMs: 0 };
}
