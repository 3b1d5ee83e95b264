import type { DataPlaneObserver } from '../dataplane/shared/deps.ts';
import type { StorageFailure } from '../store/port.ts';

/** What metrics and logs learn of a relay. */
export interface RelayObserver extends DataPlaneObserver {
  /** A transaction of so many items is durable. */
  committed(items: number, milliseconds: number): void;
  storageFailed(failure: StorageFailure): void;
}
