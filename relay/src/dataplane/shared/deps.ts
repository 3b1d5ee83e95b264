import type { CryptoProvider, RandomSource } from '@0k-sync/core/crypto';
import type { ErrorName } from '@0k-sync/generated/errors';
import type { Config } from '../../config/sections.ts';
import type { RelayKeys } from '../../identity/relay-keys.ts';
import type { Store } from '../../store/port.ts';
import type { Admission } from '../limits/admission.ts';
import type { MemoryBudget } from '../limits/memory-budget.ts';
import type { FairTurns } from '../turns/fair-turns.ts';
import type { DeviceSessions } from './device-sessions.ts';
import type { Subscribers } from './subscribers.ts';

/** The relay's two clocks, milliseconds, and timers by the first of them. */
export interface RelayClock {
  /** Milliseconds that never go back, for deadlines. */
  monotonic(): number;
  /** Milliseconds since 1970, for people and retention. */
  wall(): number;
  /** Calls back once after `delayMs`. @returns a function that cancels the call */
  after(delayMs: number, callback: () => void): () => void;
}

/** Receives what metrics and logs learn of the data plane. No method gets a secret or a full id. RL-65. */
export interface DataPlaneObserver {
  connected(): void;
  /** A connection was refused. */
  turnedAway(error: ErrorName): void;
  /** A connection ended; `error` ended it, if there was one. */
  disconnected(error: ErrorName | undefined): void;
  sessionOpened(): void;
  sessionClosed(): void;
  /** A Push was answered after `milliseconds`; `items` of it were stored. */
  acknowledged(milliseconds: number, items: number): void;
  delivered(items: number): void;
  refused(error: ErrorName): void;
}

/** The collaborators that all connections of a relay share. */
export interface SharedDeps {
  readonly config: Config;
  readonly crypto: CryptoProvider;
  readonly random: RandomSource;
  readonly clock: RelayClock;
  readonly keys: RelayKeys;
  readonly store: Store;
  readonly subscribers: Subscribers;
  readonly sessions: DeviceSessions;
  readonly admission: Admission;
  readonly turns: FairTurns;
  readonly memory: MemoryBudget;
  readonly observer: DataPlaneObserver;
  /** Envelopes received up to this time are expired, milliseconds since 1970. RL-47. */
  readonly expiredUntil: () => number;
}
