import type { RelaySession } from '@0k-sync/core/session';
import type { SharedDeps } from './deps.ts';

/** What a session needs of the connection that carries it. */
export interface Carrier {
  readonly shared: SharedDeps;
  readonly engine: RelaySession;
  /** See `addressKey`. */
  readonly address: string;
  /** Carries out, at the end of this turn, what the engine has to send. */
  schedule(): void;
}
