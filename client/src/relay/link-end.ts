import { type ErrorName, errors } from '@0k-sync/generated/errors';
import type { GoAway } from '@0k-sync/generated/wire/frame';
import { TransportError } from '@0k-sync/transport';
import { SyncError } from '../error.ts';
import { RequestRefused, SessionEnded } from './connection.ts';
import { explain, ProtocolViolation } from './failure.ts';

/** Why a link is down, and what to do about it. CL-36, CL-37. */
export interface LinkEnd {
  readonly error: SyncError;
  readonly next: 'wait' | 'stop';
  /** Milliseconds that the relay asked to wait at least. */
  readonly afterMs: number;
}

/** What an attempt or a session at `relay` that ended with `error` means. */
export function linkEnd(error: unknown, relay: string, goAway: GoAway | undefined): LinkEnd {
  if (error instanceof SessionEnded) return sessionEnd(error, relay, goAway);
  if (error instanceof RequestRefused) return byTable(error.code, explain(error.code, relay, error.wire));
  if (error instanceof ProtocolViolation) return byTable(error.error, explain(error.error, relay));
  if (error instanceof TransportError) return transportEnd(error, relay);
  if (error instanceof SyncError) return { error, next: 'stop', afterMs: 0 };
  const message = `${relay}: ${error instanceof Error ? error.message : String(error)}`;
  const hint = 'This is a mistake in the software; please report it.';
  return { error: new SyncError('protocol', message, { hint, relay, cause: error }), next: 'stop', afterMs: 0 };
}

/** The table's name of what ended a session, where there is one. */
export function endingError(error: unknown): ErrorName | undefined {
  if (error instanceof ProtocolViolation) return error.error;
  return error instanceof SessionEnded ? error.end.error : undefined;
}

function sessionEnd({ end }: SessionEnded, relay: string, goAway: GoAway | undefined): LinkEnd {
  const afterMs = Number(goAway?.reconnectAfterMs ?? end.remote?.retryAfterMs ?? 0n);
  if (goAway !== undefined || end.error === undefined) {
    return { error: explain('RELAY_SHUTTING_DOWN', relay), next: 'wait', afterMs };
  }
  return { ...byTable(end.error, explain(end.error, relay, end.remote)), afterMs };
}

function byTable(name: ErrorName, error: SyncError): LinkEnd {
  return { error, next: errors[name].retry === 'no' ? 'stop' : 'wait', afterMs: 0 };
}

function transportEnd(cause: TransportError, relay: string): LinkEnd {
  if (cause.kind === 'alpn') return byTable('UNSUPPORTED_VERSION', explain('UNSUPPORTED_VERSION', relay));
  const message = `${relay} cannot be reached: ${cause.message}.`;
  const error = new SyncError('unreachable', message, { hint: cause.hint, relay, cause });
  return { error, next: cause.kind === 'unavailable' ? 'stop' : 'wait', afterMs: 0 };
}
