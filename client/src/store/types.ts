/**
 * The rows of a store. They are plain data, so that a store can be a SQL database, IndexedDB or memory. Neither side
 * changes a `Uint8Array` after handing it over. One of a change may be a view of more memory: a store that keeps it in memory
 * keeps a copy.
 */

/** NodeId of a relay, z-base-32, 52 characters. Everything that belongs to one relay is stored under it. CL-01. */
export type RelayKey = string;

/** The known keys of a relay. CL-30. */
export interface StoredPin {
  /** `host:port`. */
  readonly address: string;
  /** X25519 static key, 32 bytes; absent before the first session. */
  readonly nodeId?: Uint8Array;
  /** BLAKE3 of the ML-KEM-768 encapsulation key, 32 bytes; absent before the first hybrid session. CL-33. */
  readonly kemHash?: Uint8Array;
  /** Ed25519 key, 32 bytes; absent before the first HelloAck. CL-33. */
  readonly signingKey?: Uint8Array;
  /**
   * True when the pin came from an invite, the group's state or `nodeid@`: it is checked strictly and never replaced.
   * CL-32.
   */
  readonly fixed: boolean;
}

/** The group this device is a member of. */
export interface StoredGroup {
  /** 32 bytes. */
  readonly groupId: Uint8Array;
  /** The secrets of the known epochs, ascending, 32 bytes each. GR-01. */
  readonly epochSecrets: readonly { readonly epoch: number; readonly secret: Uint8Array }[];
  /** Addresses of the group's relays, `host:port`, in the group's order; their keys are stored as StoredPin. */
  readonly relays: readonly string[];
  /** The heads of senders' chains that their own signatures prove: another envelope in that place is a fork. PA-12. */
  readonly heads: readonly StoredHead[];
}

/** The progress at one relay: how far its log was read, and whether it has this device's record. CL-01. */
export interface StoredProgress {
  readonly relay: RelayKey;
  /** Highest cursor up to which everything is stored here; 0 at the start. */
  readonly cursor: number;
  /** H of the envelope at `cursor`, 32 bytes; empty if that envelope was not delivered. */
  readonly hash: Uint8Array;
  /** True when the relay has let this device in, and so has its record. */
  readonly enrolled: boolean;
}

/** A member whose record this device has verified. GR-14. */
export interface StoredMember {
  /** 32 bytes. */
  readonly deviceKey: Uint8Array;
  /** The encoded MemberRecord. */
  readonly record: Uint8Array;
  /** The name in its announcement; empty until the announcement came. GR-16, PA-22. */
  readonly name: string;
}

/** The head of one sender's verified chain. EN-08. */
export interface StoredChain {
  /** 32 bytes. */
  readonly sender: Uint8Array;
  /** Highest accepted sequence. */
  readonly sequence: number;
  /** H of that envelope, 32 bytes. */
  readonly hash: Uint8Array;
}

/** The highest place of one sender's chain that a stub proves, from a Welcome or a HelloAck. PA-12, CL-21. */
export interface StoredHead extends StoredChain {
  /** The encoded Stub. */
  readonly stub: Uint8Array;
}

/** Two stubs by which one sender signed two envelopes for one place. EN-23. */
export interface StoredEvidence {
  /** Key of the sender, 32 bytes. */
  readonly sender: Uint8Array;
  readonly sequence: number;
  /** The encoded Stub of the envelope that stays. */
  readonly first: Uint8Array;
  /** The encoded Stub of the other. */
  readonly second: Uint8Array;
}

/** Sequences of one sender, both ends included. */
export interface SequenceSpan {
  /** Key of the sender, 32 bytes. */
  readonly sender: Uint8Array;
  readonly from: number;
  readonly to: number;
}

/** Sequences of one sender that will never come. EN-29. */
export interface StoredSkip extends SequenceSpan {
  /** False for own ones that no sealed plaintext has named yet. */
  readonly named: boolean;
}

/** Cursors, both ends included, that a relay removed before this device read them. CL-08. */
export interface StoredExpiry {
  readonly relay: RelayKey;
  readonly from: number;
  readonly to: number;
}

/** The last session with a relay that removes messages by age. CL-29. */
export interface StoredVisit {
  /** Its address, `host:port`. */
  readonly relay: string;
  /** The age at which it removes messages, ms; 0 for a relay that does not any more. */
  readonly expiresAfterMs: number;
  /** The end of the session, or a time shortly before it, milliseconds since 1970. */
  readonly seenAtMs: number;
  /** True when the app knows that what came since may go unread. */
  readonly told: boolean;
}

/**
 * An accepted envelope, as the parts that it can be made of again byte for byte: the header is canonical (EN-03), the
 * padding is (EN-14), and the ciphertext follows from key, nonce, header and plaintext (EN-11). EN-21.
 */
export interface LogEntry {
  /** Key of the sender, 32 bytes. */
  readonly sender: Uint8Array;
  /** The sequence, from 1. */
  readonly sequence: number;
  /** H, 32 bytes. EN-13. */
  readonly hash: Uint8Array;
  /** H of the sender's envelope before, 32 bytes. EN-08. */
  readonly previous: Uint8Array;
  /** The header's epoch. EN-09. */
  readonly epoch: number;
  /** ContentType of the header. EN-06. */
  readonly contentType: number;
  /** Message.id, 16 bytes; empty for an announcement. */
  readonly messageId: Uint8Array;
  /** Message.topic; empty without one. EN-36. */
  readonly topic: string;
  /** The plaintext exactly as it was sealed; empty after it was pruned. */
  readonly plaintext: Uint8Array;
  /** 24 bytes; empty after the entry was pruned. EN-10. */
  readonly nonce: Uint8Array;
  /** B, 32 bytes: with the header and the signature it is the stub. EN-12, EN-28. */
  readonly bodyHash: Uint8Array;
  /** 64 bytes. EN-12. */
  readonly signature: Uint8Array;
  /** The relay's clock, milliseconds since 1970; 0 for an own envelope that was not read back. */
  readonly receivedAtMs: number;
  /** True when this device wrote it. */
  readonly own: boolean;
  /** True when this store sealed it, so that the app that reads it has pushed it. CL-15. */
  readonly sealedHere: boolean;
  /** False for announcements and for a repeated Message.id: the app never sees them. EN-16. */
  readonly visible: boolean;
}

/** A LogEntry with the position of its message; 0 for one that is not visible. */
export interface StoredLogEntry extends LogEntry {
  readonly position: number;
}

/**
 * A message of the local log: one that was accepted, or an own one from the moment it was queued. Positions ascend in the
 * order of the commits and are never used twice; a message that was dropped or pruned leaves its position empty.
 */
export interface StoredMessage {
  readonly position: number;
  /** Key of the sender, 32 bytes; empty for an own message that is not sealed yet. */
  readonly sender: Uint8Array;
  /** Message.id, 16 bytes. */
  readonly messageId: Uint8Array;
  /** Message.topic; empty without one. EN-36. */
  readonly topic: string;
  /** The encoded Message. */
  readonly plaintext: Uint8Array;
  /** The relay's clock, milliseconds since 1970; 0 for an own message that was not read back. */
  readonly receivedAtMs: number;
  /** True when this device wrote it. */
  readonly own: boolean;
}

/** A named place in the local log: its reader is done with every message up to `position`. */
export interface StoredCursor {
  readonly name: string;
  readonly position: number;
}

/**
 * The cursor that an accepted envelope has at one relay: read there, only told by a PushAck, or one of those that the relay
 * removed unread and that own envelopes had. CL-08.
 */
export interface Placement {
  readonly relay: RelayKey;
  readonly cursor: number;
  /** H, 32 bytes. */
  readonly hash: Uint8Array;
  /** The relay's clock, milliseconds since 1970; 0 when the cursor was not read. */
  readonly receivedAtMs: number;
}

/**
 * The reason why an envelope is held: `gap`, an earlier sequence is missing (EN-24); `epoch`, its epoch is unknown
 * (EN-09); `record`, its sender has no verified record (CL-09).
 */
export type HoldReason = 'gap' | 'epoch' | 'record';

/** An authentic envelope that waits for an earlier one, for its epoch, or for its sender's record. EN-25. */
export interface HeldEnvelope {
  /** H, 32 bytes. */
  readonly hash: Uint8Array;
  /** Key of the sender, 32 bytes. */
  readonly sender: Uint8Array;
  readonly sequence: number;
  /** The relay that delivered it. */
  readonly relay: RelayKey;
  /** Its cursor there; 0 after that relay lost what it had. CL-13. */
  readonly cursor: number;
  /** The relay's clock, milliseconds since 1970. */
  readonly receivedAtMs: number;
  /** This device's clock when it came, milliseconds since 1970: GAP_WAIT_MS counts from here. */
  readonly heldAtMs: number;
  readonly reason: HoldReason;
  /** The encoded Envelope. */
  readonly envelope: Uint8Array;
}

/** An envelope that failed its checks, or the second envelope of a fork. EN-23, EN-26. */
export interface QuarantinedEnvelope {
  /** The relay that delivered it. */
  readonly relay: RelayKey;
  /** Its cursor there; 0 if it did not come through the log. */
  readonly cursor: number;
  /** The reject class, as in spec/errors.md. */
  readonly rejectClass: string;
  /** H, 32 bytes. EN-34. */
  readonly hash: Uint8Array;
  /** The key that its header names as its sender, 32 bytes; empty when the header is not readable. CL-12. */
  readonly sender: Uint8Array;
  /** The sequence that its header names; 0 when the header is not readable. */
  readonly sequence: number;
  /** True when it was rejected for its signature: an authentic successor may still vouch for it. EN-34. */
  readonly unsigned: boolean;
  /** The encoded Envelope. */
  readonly envelope: Uint8Array;
  /** The relay's clock, milliseconds since 1970. */
  readonly receivedAtMs: number;
  /** This device's clock when it came, milliseconds since 1970. */
  readonly atMs: number;
}

/**
 * The states of the outbox-entry machine that are stored. `sent` is not stored: a process that ends loses its
 * connections, which leads back to `sealed`. CL-44. `again` is `sealed` of an entry that a relay acknowledged before. CL-62.
 */
export type OutboxState = 'queued' | 'sealed' | 'again' | 'deferred' | 'refused';

/** A message or an announcement that no relay has acknowledged. CL-20, CL-22. */
export interface OutboxEntry {
  /** Message.id, 16 bytes; arbitrary for an announcement. */
  readonly id: Uint8Array;
  /** ContentType of the header. EN-06. */
  readonly contentType: number;
  /** The encoded Message or MemberAnnouncement. */
  readonly plaintext: Uint8Array;
  readonly state: OutboxState;
  /** Sequence of the sealed envelope in the log; absent before it was sealed. */
  readonly sequence?: number;
  /** Error number of the refusal, in states `deferred` and `refused`. */
  readonly refusal?: number;
  /** Message.topic; absent without one. EN-36. */
  readonly topic?: string;
  /** A later push with the same key takes the place of this one while it is queued. It never leaves this device. */
  readonly collapseKey?: string;
}

/** An OutboxEntry with its number in the queue; numbers ascend and are never used twice. */
export interface StoredOutboxEntry extends OutboxEntry {
  readonly number: number;
  /** Position of its message; 0 for an announcement, and for what a relay lost and gets again. */
  readonly position: number;
}
