import type { ErrorName } from '@0k-sync/generated/errors';
import type { Envelope } from '@0k-sync/generated/wire/envelope';
import type { PushStatus } from '@0k-sync/generated/wire/frame';
import type { MemberRecord } from '@0k-sync/generated/wire/group';

/** Row numbers of the store; they never leave the relay. */
export type GroupRow = number;
export type DeviceRow = number;

/** The bytes of an envelope as its sender made them. */
export type SealedEnvelope = Pick<Envelope, 'header' | 'nonce' | 'ciphertext' | 'signature'>;

/** One envelope whose form was checked, with what its header says. RL-22, RL-23. */
export interface PushItem {
  readonly envelope: SealedEnvelope;
  readonly sequence: number;
  /** H of the sender's previous envelope, 32 bytes. */
  readonly previous: Uint8Array;
  readonly epoch: number;
  readonly skip: boolean;
}

export interface Push {
  readonly kind: 'push';
  readonly requestId: number;
  readonly group: GroupRow;
  readonly device: DeviceRow;
  readonly items: readonly PushItem[];
}

/** A device's record, verified under its group's key. SE-12. */
export interface Enrolment {
  readonly record: MemberRecord;
  /** auth_pub_0, 32 bytes. */
  readonly authKey: Uint8Array;
}

/** Asks whether a device whose signatures verify is let in; opens a session if so. SE-11 to SE-13. */
export interface Authorize {
  readonly kind: 'authorize';
  readonly groupId: Uint8Array;
  readonly deviceKey: Uint8Array;
  readonly enrolment: Enrolment | undefined;
  /** Whether the enrolment may create the group. */
  readonly mayCreate: boolean;
}

export interface EndSession {
  readonly kind: 'end-session';
  readonly session: number;
}

/** RL-48. */
export interface Acknowledge {
  readonly kind: 'acknowledge';
  readonly device: DeviceRow;
  readonly cursor: number;
  /** Highest cursor that was delivered to the session. */
  readonly delivered: number;
}

export interface MailboxPut {
  readonly kind: 'mailbox-put';
  readonly requestId: number;
  readonly group: GroupRow;
  readonly mailboxId: Uint8Array;
  readonly payload: Uint8Array;
  readonly expiresInMs: number;
}

export interface MailboxClaim {
  readonly kind: 'mailbox-claim';
  readonly requestId: number;
  readonly mailboxId: Uint8Array;
  readonly claimToken: Uint8Array;
}

export interface MailboxAcknowledge {
  readonly kind: 'mailbox-acknowledge';
  readonly requestId: number;
  readonly mailboxId: Uint8Array;
  readonly claimToken: Uint8Array;
}

export interface MailboxCancel {
  readonly kind: 'mailbox-cancel';
  readonly requestId: number;
  readonly group: GroupRow;
  readonly mailboxId: Uint8Array;
}

/** One slice of a sweep: bounded work, to be repeated from where it stopped. RL-52. */
export interface Sweep {
  readonly kind: 'sweep';
  readonly position: SweepPosition;
  /** The retention clock, stored with the slice; envelopes received up to `expireUntilMs` go. */
  readonly clockMs: number;
  readonly expireUntilMs: number;
  /** Bytes a group may keep; 0 is no limit. */
  readonly groupBytes: number;
  readonly removeAcknowledged: boolean;
}

export interface SweepPosition {
  readonly group: GroupRow;
  /** Removed from that group by earlier slices of this sweep. */
  readonly removed: number;
}

/** A row for the audit log. */
export interface Note {
  readonly kind: 'note';
  readonly event: string;
  readonly detail: string;
}

/** What the writer does that is no push: small, and sent as it is. */
export type Command =
  | Authorize
  | EndSession
  | Acknowledge
  | MailboxPut
  | MailboxClaim
  | MailboxAcknowledge
  | MailboxCancel
  | Sweep
  | Note;

export type Operation = Push | Command;

export interface Refused {
  readonly refused: ErrorName;
}

export interface PushResult {
  readonly status: PushStatus;
  /** With ACCEPTED and DUPLICATE, otherwise 0. */
  readonly cursor: number;
  /** With ACCEPTED, otherwise 0. */
  readonly receivedAtMs: number;
  readonly refusal: PushRefusal | undefined;
}

export interface PushRefusal {
  readonly error: ErrorName;
  /** The stored envelope of that sequence. RL-27. */
  readonly conflict?: Envelope | undefined;
}

export interface OpenedSession {
  readonly group: GroupRow;
  readonly device: DeviceRow;
  readonly session: number;
  readonly epoch: number;
  readonly head: number;
  readonly floor: number;
  readonly ownSequence: number;
  /** 32 bytes, or empty while there is none. */
  readonly ownHash: Uint8Array;
  readonly created: boolean;
}

export interface MailboxContent {
  readonly payload: Uint8Array;
  readonly expiresAtMs: number;
}

export interface Swept {
  /** Where the next slice goes on; undefined when every group was seen. */
  readonly next: SweepPosition | undefined;
  readonly envelopes: number;
  readonly mailboxes: number;
}

/** What each operation gives once its transaction is durable. */
export interface Outcomes {
  readonly push: readonly PushResult[];
  readonly authorize: OpenedSession | Refused;
  readonly 'end-session': undefined;
  readonly acknowledge: Refused | undefined;
  readonly 'mailbox-put': { readonly expiresAtMs: number } | Refused;
  readonly 'mailbox-claim': MailboxContent | Refused;
  readonly 'mailbox-acknowledge': Refused | undefined;
  readonly 'mailbox-cancel': Refused | undefined;
  readonly sweep: Swept;
  readonly note: undefined;
}

export type OutcomeOf<O extends Operation> = Outcomes[O['kind']];

/** An operation with its outcome. */
export type CompletionOf<O extends Operation> = {
  [K in O['kind']]: {
    readonly kind: K;
    readonly operation: Extract<O, { kind: K }>;
    readonly outcome: Outcomes[K];
  };
}[O['kind']];

export type Completion = CompletionOf<Operation>;

/** Why storage refuses. RL-66. */
export interface StorageFailure {
  readonly kind: 'full' | 'locked' | 'corrupt' | 'readonly' | 'input-output' | 'overloaded' | 'defect';
  /** For the log: SQLite's words. */
  readonly message: string;
}

/**
 * Who submitted an operation. It hears of its own operations only, in their order, after their transaction is durable or
 * was given up as a whole.
 */
export interface OperationOwner {
  completed(completion: Completion): void;
  failed(operation: Operation, failure: StorageFailure): void;
}

/** One stretch (after, next] of a group's log. RL-41. */
export interface Stretch {
  readonly after: number;
  readonly removedThrough: number;
  readonly envelopes: readonly Envelope[];
  readonly next: number;
  readonly head: number;
}

export interface StretchQuery {
  readonly group: GroupRow;
  readonly after: number;
  /** Envelopes together cost at most this, but one is always allowed. RL-40. */
  readonly bytesMax: number;
  readonly itemsMax: number;
  /** Envelopes received up to then are not served. RL-47. */
  readonly expiredUntilMs: number;
}

export interface DeviceRecords {
  readonly version: number;
  readonly records: readonly MemberRecord[];
}

/** Where a reader stands. */
export interface PlaceQuery {
  readonly group: GroupRow;
  readonly after: number;
  /** H of the envelope at `after`, 32 bytes; empty for who never saw it. */
  readonly hash: Uint8Array;
  /** As in StretchQuery: of what has expired nothing is known any more. */
  readonly expiredUntilMs: number;
}

/** What the data plane needs of a store. Reads throw StorageError. */
export interface Store {
  submit(operation: Operation, owner: OperationOwner): void;
  perform<O extends Operation>(operation: O): Promise<OutcomeOf<O>>;
  /** Whether the log still is the one that was read. RL-42. */
  continues(place: PlaceQuery): boolean;
  readStretch(query: StretchQuery): Stretch;
  listDevices(group: GroupRow): DeviceRecords;
  /** Operations that wait for their transaction. */
  readonly waiting: number;
  close(): Promise<void>;
}

/** Thrown by reads and by `perform`. */
export class StorageError extends Error {
  override readonly name = 'StorageError';
  readonly failure: StorageFailure;

  constructor(failure: StorageFailure) {
    super(failure.message);
    this.failure = failure;
  }
}

export function isRefused(outcome: object | undefined): outcome is Refused {
  return outcome !== undefined && 'refused' in outcome;
}
