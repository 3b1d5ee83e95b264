import type { DataPlaneObserver } from '../dataplane/shared/deps.ts';
import type { StorageFailure } from '../store/port.ts';

/** The kind of access that storage was asked for. */
export type StorageAccess = 'read' | 'write';

/** Receives what metrics and logs learn of a relay. */
export interface RelayObserver extends DataPlaneObserver {
  /** A transaction of `items` envelopes and commands is durable after `milliseconds`. */
  committed(items: number, milliseconds: number): void;
  /** Storage refused a transaction or a read. RL-85. */
  storageFailed(failure: StorageFailure, access: StorageAccess): void;
  /** Storage takes new envelopes again. */
  storageRecovered(): void;
}
