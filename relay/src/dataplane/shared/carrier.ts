import type { RelaySession } from '@0k-sync/core/session';
import type { SharedDeps } from './deps.ts';

/** A connection as the session on it sees it. */
export interface Carrier {
  readonly shared: SharedDeps;
  readonly engine: RelaySession;
  /** The client's address as `addressKey` gives it. */
  readonly address: string;
  /** Carries out the engine's outputs at the end of this turn. */
  schedule(): void;
}
