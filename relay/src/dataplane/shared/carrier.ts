import type { RelaySession } from '@0k-sync/core/session';
import type { SharedDeps } from './deps.ts';

/** A connection as the session on it sees it. */
export interface Carrier {
  readonly shared: SharedDeps;
  readonly engine: RelaySession;
  /** The client's address as `addressKey` gives it. */
  readonly address: string;
  /** Bytes that a Page or Deliver may have now; it has at least one envelope all the same. RL-71, RL-72. */
  readonly room: number;
  /** True while the network has not taken enough of what was written: nothing more is made for it. RL-72. */
  readonly isCongested: boolean;
  /** True when a Page or Deliver may be made now: once in a turn that is for that. RL-73. */
  readonly mayPage: boolean;
  /** Carries out the engine's outputs after what runs now. */
  schedule(): void;
  /** Asks for a turn. RL-73. */
  wake(): void;
  /** Takes a request's operations from the turn and the rates. @returns false when a rate is used up. RL-62. */
  mayOperate(operations: number): boolean;
  /** Counts a Page or Deliver with envelopes of so many bytes: a turn makes one. RL-72, RL-74. */
  paged(bytes: number): void;
}
