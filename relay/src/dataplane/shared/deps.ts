import type { CryptoProvider, RandomSource } from '@0k-sync/core/crypto';
import type { ErrorName } from '@0k-sync/generated/errors';
import type { Config } from '../../config/sections.ts';
import type { RelayKeys } from '../../identity/relay-keys.ts';
import type { Store } from '../../store/port.ts';
import type { Admission } from '../limits/admission.ts';
import type { SessionEnds } from './session-ends.ts';
import type { SessionRegistry } from './subscribers.ts';

/** The relay's two clocks, ms, and the timers that go by the first of them. */
export interface RelayClock {
  /** Never goes back; for deadlines. */
  monotonic(): number;
  /** Since 1970; for people and retention. */
  wall(): number;
  /** Calls back once after `delayMs`. The returned function cancels that. */
  after(delayMs: number, callback: () => void): () => void;
}

/** What metrics and logs learn of the data plane. No method gets a secret or a full id. RL-65. */
export interface DataPlaneObserver {
  connected(): void;
  /** A connection was not taken. */
  turnedAway(error: ErrorName): void;
  /** `error`: what ended it, if anything did. */
  disconnected(error: ErrorName | undefined): void;
  sessionOpened(): void;
  sessionClosed(): void;
  /** A Push was answered after this long, ms, with so many items stored. */
  acknowledged(milliseconds: number, items: number): void;
  delivered(items: number): void;
  refused(error: ErrorName): void;
}

/** What every connection of a relay shares. */
export interface SharedDeps {
  readonly config: Config;
  readonly crypto: CryptoProvider;
  readonly random: RandomSource;
  readonly clock: RelayClock;
  readonly keys: RelayKeys;
  readonly store: Store;
  readonly registry: SessionRegistry;
  readonly sessionEnds: SessionEnds;
  readonly admission: Admission;
  readonly observer: DataPlaneObserver;
  /** Envelopes received up to then are expired, ms since 1970. RL-47. */
  readonly expiredUntil: () => number;
}
