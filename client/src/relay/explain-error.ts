import { type ErrorName, errors } from '@0k-sync/generated/errors';
import type { Error as WireError } from '@0k-sync/generated/wire/error';
import { SyncError, type SyncErrorKind } from '../error.ts';

/** Hints that name a call of the library, in place of the table's. */
const HINTS: Partial<Record<ErrorName, string>> = {
  RELAY_IDENTITY_CHANGED:
    'Ask the operator whether the keys changed; if they did, call trustRelay() with the new ones.',
  DOWNGRADE_REFUSED: "Open the device with the mode 'hybrid'.",
  GROUP_QUOTA_EXCEEDED: "Ask the relay's operator for more space, or drop the message with queue.drop().",
  MAILBOXES_EXCEEDED: 'Wait until an invite expires, or cancel one with cancelInvite().',
};

/** The hint of an error of the table, in the words of the library. */
export function hintOf(errorName: ErrorName): string {
  return HINTS[errorName] ?? errors[errorName].hint;
}

/**
 * Turns an error of the table into a SyncError for the app.
 *
 * @param relay address for the sentence, `host:port`
 * @param remote the relay's Error frame: its detail replaces the table's sentence
 */
export function explainError(errorName: ErrorName, relay: string, remote?: WireError): SyncError {
  const { number: code, meaning } = errors[errorName];
  const kind = kindOf(errorName, remote);
  return new SyncError(kind, `${relay}: ${remote?.detail || meaning}`, { code, relay, hint: hintOf(errorName) });
}

/** Explains a refusal at a relay that was not given the access token. CL-69. */
export function withheldTokenError(relay: string): SyncError {
  const { number: code } = errors.UNAUTHORIZED;
  const message = `${relay}: This device is not let in; the access token was not sent, as the relay's key is not fixed.`;
  return new SyncError('refused', message, { code, relay, hint: 'Name the relay as <nodeid>@host:port.' });
}

function kindOf(errorName: ErrorName, remote: WireError | undefined): SyncErrorKind {
  const [layer] = errors[errorName].class.split('.');
  if (errorName === 'RELAY_IDENTITY_CHANGED' || errorName === 'DOWNGRADE_REFUSED') return 'identity';
  if (layer === 'invite') return 'invite';
  if (errorName === 'DEADLINE_EXCEEDED' || errorName === 'STREAM_TRUNCATED') return 'unreachable';
  return remote !== undefined || layer === 'session' ? 'refused' : 'protocol';
}
