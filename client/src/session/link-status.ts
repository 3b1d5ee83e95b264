import { SyncError } from '../error.ts';
import type { LinkState, RelayRetention } from '../events.ts';

/** The state of a link, for RelayStatus. */
export interface LinkStatus {
  readonly state: LinkState;
  readonly error?: SyncError;
  /** Milliseconds since 1970; present in state `waiting`, and in state `stopped` when an attempt is due by itself. */
  readonly retryAtMs?: number;
  /** The retention that the last HelloAck named; absent before the first one. CL-19. */
  readonly retention?: RelayRetention;
}

/** The error for a call that needs a relay, of a session that dials none. */
export function offlineError(relay: string): SyncError {
  return new SyncError('unreachable', 'This session was opened offline.', {
    hint: 'Open it without the option offline.',
    relay,
  });
}

/** The error for a call that needs a relay, of a group that has none. */
export function noRelayError(): SyncError {
  return new SyncError('no-relay', 'This group has no relay: it is on this device alone.', {
    hint: "Give it one with group.addRelay('host:port').",
  });
}
