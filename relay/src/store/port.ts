import type { Envelope } from '@0k-sync/generated/wire/envelope';
import type { MemberRecord } from '@0k-sync/generated/wire/group';
import type { Completion, GroupRow, OpenedSession, Operation, OutcomeOf } from './operations.ts';

export type * from './operations.ts';
export { isRefused } from './operations.ts';

/** The reason why storage refuses. RL-66. */
export interface StorageFailure {
  readonly kind: 'full' | 'locked' | 'corrupt' | 'readonly' | 'input-output' | 'overloaded' | 'outdated' | 'defect';
  /** SQLite's words, for the log. */
  readonly message: string;
}

/**
 * The submitter of operations. It is told of its own operations only, in their order, when their transaction is durable
 * or was given up as a whole.
 */
export interface OperationOwner {
  completed(completion: Completion): void;
  failed(operation: Operation, failure: StorageFailure): void;
}

/** The stretch (after, next] of a group's log. RL-41. */
export interface Stretch {
  readonly after: number;
  readonly removedThrough: number;
  readonly envelopes: readonly Envelope[];
  readonly next: number;
  readonly head: number;
}

/** A question for one stretch of a log. */
export interface StretchQuery {
  readonly group: GroupRow;
  readonly after: number;
  /** The greatest cost of all envelopes together; one envelope is always allowed. RL-40. */
  readonly bytesMax: number;
  readonly itemsMax: number;
  /** Envelopes received up to this time are not served, milliseconds since 1970. RL-47. */
  readonly expiredUntilMs: number;
}

/** A group's member records, and the version of the list. */
export interface DeviceRecords {
  readonly version: number;
  readonly records: readonly MemberRecord[];
}

/** A device by the ids that its Hello names, 32 bytes each. */
export interface DeviceQuery {
  readonly groupId: Uint8Array;
  readonly deviceKey: Uint8Array;
}

/** A stranger's claim or acknowledgement of a mailbox. */
export interface ClaimQuery {
  /** 16 bytes each. */
  readonly mailboxId: Uint8Array;
  readonly claimToken: Uint8Array;
  /** The relay's clock, milliseconds since 1970. */
  readonly nowMs: number;
}

/** A reader's place in a log. */
export interface PlaceQuery {
  readonly group: GroupRow;
  readonly after: number;
  /** H of the envelope at `after`, 32 bytes; empty if the reader never saw it. */
  readonly hash: Uint8Array;
  /** As in StretchQuery: an expired envelope is not compared. */
  readonly expiredUntilMs: number;
}

/** A store as the data plane sees it. Reads throw StorageError. */
export interface Store {
  submit(operation: Operation, owner: OperationOwner): void;
  perform<O extends Operation>(operation: O): Promise<OutcomeOf<O>>;
  /** Checks that the log still is the one that was read. RL-42. */
  continues(place: PlaceQuery): boolean;
  readStretch(query: StretchQuery): Stretch;
  listDevices(group: GroupRow): DeviceRecords;
  /** Finds an enrolled device; undefined for a stranger. RL-66. */
  findDevice(device: DeviceQuery): OpenedSession | undefined;
  /** True when a mailbox is there that nobody else has claimed. PA-18. */
  answersClaim(claim: ClaimQuery): boolean;
  /** The number of operations that wait for their transaction. */
  readonly waiting: number;
  close(): Promise<void>;
}

/** A failure of storage, thrown by reads and by `perform`. */
export class StorageError extends Error {
  override readonly name = 'StorageError';
  readonly failure: StorageFailure;

  constructor(failure: StorageFailure) {
    super(failure.message);
    this.failure = failure;
  }
}
