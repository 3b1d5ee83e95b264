import { type ErrorName, errors } from '@0k-sync/generated/errors';
import type { Error as WireError } from '@0k-sync/generated/wire/error';
import { SyncError, type SyncErrorKind } from '../error.ts';

/** What a relay did that the protocol does not allow; the connection is closed with this error. */
export class ProtocolViolation extends Error {
  override readonly name = 'ProtocolViolation';
  readonly error: ErrorName;

  constructor(error: ErrorName) {
    super(errors[error].meaning);
    this.error = error;
  }
}

/** An error of the table as something for the app: the relay's own words, or the table's. */
export function explain(error: ErrorName, relay: string, remote?: WireError): SyncError {
  const { number: code, meaning, hint } = errors[error];
  return new SyncError(kindOf(error, remote), `${relay}: ${remote?.detail || meaning}`, { code, relay, hint });
}

function kindOf(error: ErrorName, remote: WireError | undefined): SyncErrorKind {
  const [layer] = errors[error].class.split('.');
  if (error === 'RELAY_IDENTITY_CHANGED' || error === 'DOWNGRADE_REFUSED') return 'identity';
  if (layer === 'invite') return 'invite';
  if (error === 'DEADLINE_EXCEEDED' || error === 'STREAM_TRUNCATED') return 'unreachable';
  return remote !== undefined || layer === 'session' ? 'refused' : 'protocol';
}
