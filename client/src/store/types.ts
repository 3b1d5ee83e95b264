/**
 * What a client keeps. All of it is plain data, so that a store may be a SQL database, IndexedDB or memory.
 * `Uint8Array` values are never changed after they were handed over, by either side.
 */

/** A relay's NodeId in z-base-32, 52 characters. Everything that belongs to one relay is kept under it (CL-01). */
export type RelayKey = string;

/** What is known of a relay's identity. CL-30. */
export interface StoredPin {
  /** `host:port`. */
  readonly address: string;
  /** X25519 static, 32 bytes; absent before the first session. */
  readonly nodeId?: Uint8Array;
  /** BLAKE3 of the ML-KEM-768 encapsulation key, 32 bytes. */
  readonly kemHash?: Uint8Array;
  /** Ed25519, 32 bytes. */
  readonly signingKey?: Uint8Array;
  /** From an invite, the group's state or `nodeid@`: checked strictly and never replaced. CL-32. */
  readonly fixed: boolean;
}

/** The group this device is a member of. */
export interface StoredGroup {
  /** 32 bytes. */
  readonly groupId: Uint8Array;
  /** Ascending epochs, each secret 32 bytes. */
  readonly epochSecrets: readonly { readonly epoch: number; readonly secret: Uint8Array }[];
  /** Addresses of the group's relays, ordered; their pins are kept as pins. */
  readonly relays: readonly string[];
  /** How far each sender's chain had come at the inviter: another envelope at that place is a fork. */
  readonly heads: readonly StoredChain[];
}

/** How far one relay's log was read, and what it knows of us. CL-01. */
export interface StoredProgress {
  readonly relay: RelayKey;
  /** Highest cursor whose envelopes are stored here, 0 at the start. */
  readonly cursor: number;
  /** H of the envelope at `cursor`, 32 bytes; empty when it was not delivered. */
  readonly hash: Uint8Array;
  /** The relay has let this device in, so it has its record. */
  readonly enrolled: boolean;
}

/** A member whose record was verified here. GR-14. */
export interface StoredMember {
  /** 32 bytes. */
  readonly deviceKey: Uint8Array;
  /** Encoded MemberRecord. */
  readonly record: Uint8Array;
  /** From its announcement; empty until that came. GR-16. */
  readonly name: string;
}

/** One sender's verified chain. EN-08. */
export interface StoredChain {
  /** 32 bytes. */
  readonly sender: Uint8Array;
  /** Highest accepted sequence. */
  readonly sequence: number;
  /** H of that envelope, 32 bytes. */
  readonly hash: Uint8Array;
}

/** An accepted envelope. EN-21. */
export interface LogEntry {
  readonly sender: Uint8Array;
  readonly sequence: number;
  /** H, 32 bytes. */
  readonly hash: Uint8Array;
  readonly contentType: number;
  /** Message.id, 16 bytes; empty for an announcement. */
  readonly messageId: Uint8Array;
  /** Encoded Message or MemberAnnouncement. */
  readonly plaintext: Uint8Array;
  /** Encoded Envelope as sealed: evidence, and what is pushed again. */
  readonly envelope: Uint8Array;
  /** The relay's clock; 0 for an own envelope that was not read back. */
  readonly receivedAtMs: number;
  /** Written by this device. */
  readonly own: boolean;
  /** False for announcements and for a repeated Message.id (EN-16). */
  readonly visible: boolean;
}

/** A LogEntry with its place in this store's order; positions grow and are never used again. */
export interface StoredLogEntry extends LogEntry {
  readonly position: number;
}

/** Where a relay's log has an accepted envelope. */
export interface Placement {
  readonly relay: RelayKey;
  readonly cursor: number;
  readonly hash: Uint8Array;
  readonly receivedAtMs: number;
}

/** Why an envelope is held: an earlier sequence is missing (EN-24), or its epoch is unknown (EN-09). */
export type HoldReason = 'gap' | 'epoch';

/** A validly signed envelope that waits. */
export interface HeldEnvelope {
  readonly hash: Uint8Array;
  readonly sender: Uint8Array;
  readonly sequence: number;
  readonly relay: RelayKey;
  readonly cursor: number;
  readonly receivedAtMs: number;
  readonly heldAtMs: number;
  readonly reason: HoldReason;
  readonly envelope: Uint8Array;
}

/** An envelope that failed, or one side of a fork. EN-23, EN-26. */
export interface QuarantinedEnvelope {
  readonly relay: RelayKey;
  readonly cursor: number;
  /** The reject class. */
  readonly rejectClass: string;
  readonly envelope: Uint8Array;
  readonly atMs: number;
}

/**
 * States of the outbox-entry machine that are kept. `sent` is not: a process that ends has lost its connections, and
 * that leads back to `sealed` (CL-44).
 */
export type OutboxState = 'queued' | 'sealed' | 'refused';

/** Something to push. CL-20, CL-22. */
export interface OutboxEntry {
  /** Message.id, or 16 random bytes for an announcement. */
  readonly id: Uint8Array;
  readonly contentType: number;
  readonly plaintext: Uint8Array;
  readonly state: OutboxState;
  /** Set when it was sealed: the sealed envelope stands in the log under it. */
  readonly sequence?: number;
  /** Set when it was refused: the relay's error number. */
  readonly refusal?: number;
}

/** An OutboxEntry with its place in the queue. */
export interface StoredOutboxEntry extends OutboxEntry {
  readonly number: number;
}
