import type { DataPlaneObserver } from '../dataplane/shared/deps.ts';
import type { StorageFailure } from '../store/port.ts';

/** Receives what metrics and logs learn of a relay. */
export interface RelayObserver extends DataPlaneObserver {
  /** A transaction of `items` envelopes and commands is durable after `milliseconds`. */
  committed(items: number, milliseconds: number): void;
  storageFailed(failure: StorageFailure): void;
}
