import type { ErrorName } from '@0k-sync/generated/errors';
import type { Envelope, Stub } from '@0k-sync/generated/wire/envelope';
import type { PushStatus } from '@0k-sync/generated/wire/frame';
import type { MemberRecord } from '@0k-sync/generated/wire/group';

/** A group's row number in the store; it never leaves the relay. */
export type GroupRow = number;
/** A device's row number in the store; it never leaves the relay. */
export type DeviceRow = number;

/** An envelope's bytes as its sender made them. */
export type SealedEnvelope = Pick<Envelope, 'header' | 'nonce' | 'ciphertext' | 'signature'>;

/** An envelope whose form was checked, with what its header says. RL-22, RL-23. */
export interface PushItem {
  readonly envelope: SealedEnvelope;
  readonly sequence: number;
  /** H of the sender's previous envelope, 32 bytes. */
  readonly previous: Uint8Array;
  readonly epoch: number;
  readonly skip: boolean;
}

/** Stores envelopes. RL-20. */
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

/** Lets a device in whose signatures verify, and says where the device stands. SE-11 to SE-13. */
export interface Authorize {
  readonly kind: 'authorize';
  readonly groupId: Uint8Array;
  readonly deviceKey: Uint8Array;
  readonly enrolment: Enrolment | undefined;
  /** The name of the address that may create the group, 16 bytes; undefined when it may not be created. RL-81. */
  readonly creator: Uint8Array | undefined;
}

/** Stores how far a device has acknowledged the log. RL-48. */
export interface Acknowledge {
  readonly kind: 'acknowledge';
  readonly device: DeviceRow;
  readonly cursor: number;
  /** The highest cursor that was delivered to the session. */
  readonly delivered: number;
}

/** Opens a mailbox with a Welcome. PA-13. */
export interface MailboxPut {
  readonly kind: 'mailbox-put';
  readonly requestId: number;
  readonly group: GroupRow;
  readonly mailboxId: Uint8Array;
  readonly payload: Uint8Array;
  readonly expiresInMs: number;
}

/** Claims a mailbox for the holder of a token. PA-14. */
export interface MailboxClaim {
  readonly kind: 'mailbox-claim';
  readonly requestId: number;
  readonly mailboxId: Uint8Array;
  readonly claimToken: Uint8Array;
}

/** Closes a mailbox whose Welcome is stored. PA-16. */
export interface MailboxAcknowledge {
  readonly kind: 'mailbox-acknowledge';
  readonly requestId: number;
  readonly mailboxId: Uint8Array;
  readonly claimToken: Uint8Array;
}

/** Closes a mailbox for a member of its group. PA-17. */
export interface MailboxCancel {
  readonly kind: 'mailbox-cancel';
  readonly requestId: number;
  readonly group: GroupRow;
  readonly mailboxId: Uint8Array;
}

/** One slice of a sweep: bounded work; the next slice continues where this one stops. RL-52. */
export interface Sweep {
  readonly kind: 'sweep';
  readonly position: SweepPosition;
  /** The retention clock, stored with the slice, milliseconds since 1970. */
  readonly clockMs: number;
  readonly expireUntilMs: number;
  /** Bytes a group may keep; 0 is no limit. */
  readonly groupBytes: number;
  readonly removeAcknowledged: boolean;
}

/** The place where a slice of a sweep begins. */
export interface SweepPosition {
  readonly group: GroupRow;
  /** Envelopes that earlier slices of this sweep removed from the group. */
  readonly removed: number;
}

/** An operation other than a push: small, and sent as it is. */
export type Command = Authorize | Acknowledge | MailboxPut | MailboxClaim | MailboxAcknowledge | MailboxCancel | Sweep;

/** Everything that the store can be asked to write. */
export type Operation = Push | Command;

/** The outcome of a refused operation. */
export interface Refused {
  readonly refused: ErrorName;
}

/** The result of one item of a push. */
export interface PushResult {
  readonly status: PushStatus;
  /** The envelope's cursor with ACCEPTED and DUPLICATE, otherwise 0. */
  readonly cursor: number;
  /** Milliseconds since 1970 with ACCEPTED, otherwise 0. */
  readonly receivedAtMs: number;
  readonly refusal: PushRefusal | undefined;
}

/** The refusal of one item of a push. */
export interface PushRefusal {
  readonly error: ErrorName;
  /** The stub of the stored envelope of that sequence. RL-27. */
  readonly conflict?: Stub | undefined;
}

/** A device that was let in, with what HelloAck tells of the log. SE-15. */
export interface OpenedSession {
  readonly group: GroupRow;
  readonly device: DeviceRow;
  readonly epoch: number;
  readonly head: number;
  readonly floor: number;
  /** The stub of the device's own head; undefined while there is none. */
  readonly ownHead: Stub | undefined;
  readonly created: boolean;
}

/** A claimed mailbox. */
export interface MailboxContent {
  readonly payload: Uint8Array;
  readonly expiresAtMs: number;
}

/** The outcome of one slice of a sweep. */
export interface Swept {
  /** The place where the next slice continues; undefined after the last group. */
  readonly next: SweepPosition | undefined;
  readonly envelopes: number;
  readonly mailboxes: number;
}

/** The outcome of each operation, once its transaction is durable. */
export interface Outcomes {
  readonly push: readonly PushResult[];
  readonly authorize: OpenedSession | Refused;
  readonly acknowledge: Refused | undefined;
  readonly 'mailbox-put': { readonly expiresAtMs: number } | Refused;
  readonly 'mailbox-claim': MailboxContent | Refused;
  readonly 'mailbox-acknowledge': Refused | undefined;
  readonly 'mailbox-cancel': Refused | undefined;
  readonly sweep: Swept;
}

/** The outcome of an operation. */
export type OutcomeOf<O extends Operation> = Outcomes[O['kind']];

/** An operation with its outcome. */
export type CompletionOf<O extends Operation> = {
  [K in O['kind']]: {
    readonly kind: K;
    readonly operation: Extract<O, { kind: K }>;
    readonly outcome: Outcomes[K];
  };
}[O['kind']];

/** An operation of any kind with its outcome. */
export type Completion = CompletionOf<Operation>;

/** True for the outcome of a refused operation. */
export function isRefused(outcome: object | undefined): outcome is Refused {
  return outcome !== undefined && 'refused' in outcome;
}
