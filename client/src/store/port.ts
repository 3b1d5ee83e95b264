import type {
  HeldEnvelope,
  LogEntry,
  OutboxEntry,
  OutboxState,
  Placement,
  QuarantinedEnvelope,
  RelayKey,
  StoredChain,
  StoredGroup,
  StoredLogEntry,
  StoredMember,
  StoredOutboxEntry,
  StoredPin,
  StoredProgress,
} from './types.ts';

/** One thing to write. Several of them make one transaction. */
export type Change =
  /** The device seed, 32 bytes; written once. GR-10. */
  | { readonly kind: 'identity'; readonly seed: Uint8Array }
  | { readonly kind: 'group'; readonly group: StoredGroup }
  | { readonly kind: 'pin'; readonly pin: StoredPin }
  | { readonly kind: 'progress'; readonly progress: StoredProgress }
  /** Forgets where this relay has envelopes: its log went back. CL-06. */
  | { readonly kind: 'forget-placements'; readonly relay: RelayKey }
  | { readonly kind: 'member'; readonly member: StoredMember }
  | { readonly kind: 'chain'; readonly chain: StoredChain }
  /** Appends; its position is the next one. */
  | { readonly kind: 'accept'; readonly entry: LogEntry }
  /** Removes an own entry that was sealed and dropped. CL-25. */
  | { readonly kind: 'retract'; readonly sender: Uint8Array; readonly sequence: number }
  /** Ignored when the log does not have the hash. */
  | { readonly kind: 'place'; readonly placement: Placement }
  | { readonly kind: 'hold'; readonly held: HeldEnvelope }
  | { readonly kind: 'release'; readonly hash: Uint8Array }
  /** The oldest ones go when the bound is exceeded. EN-26. */
  | { readonly kind: 'quarantine'; readonly envelope: QuarantinedEnvelope }
  | { readonly kind: 'enqueue'; readonly entry: OutboxEntry }
  | {
      readonly kind: 'outbox-state';
      readonly id: Uint8Array;
      readonly state: OutboxState;
      readonly sequence?: number;
      readonly refusal?: number;
    }
  /** Acknowledged or dropped. */
  | { readonly kind: 'dequeue'; readonly id: Uint8Array }
  /** Everything up to this position was given to the app. */
  | { readonly kind: 'consumed'; readonly position: number };

/** What a client needs at once when it starts. */
export interface Snapshot {
  readonly seed: Uint8Array | undefined;
  readonly group: StoredGroup | undefined;
  readonly pins: readonly StoredPin[];
  readonly progress: readonly StoredProgress[];
  readonly members: readonly StoredMember[];
  readonly chains: readonly StoredChain[];
  readonly held: readonly HeldEnvelope[];
  readonly outboxCount: number;
  readonly consumed: number;
}

/** A visible message with the cursor it has at the relay that was asked for. */
export interface PlacedLogEntry extends StoredLogEntry {
  readonly cursor: number;
}

/**
 * The client's durable state. Every method is asynchronous and coarse: one call is one transaction, nothing is seen
 * half. A rejected `commit` has changed nothing.
 */
export interface Store {
  load(): Promise<Snapshot>;
  /** All changes or none, in order, durable when it resolves. CL-03, CL-20, CL-22. */
  commit(changes: readonly Change[]): Promise<void>;
  /** The entry with this H. */
  entryByHash(hash: Uint8Array): Promise<StoredLogEntry | undefined>;
  entryBySequence(sender: Uint8Array, sequence: number): Promise<StoredLogEntry | undefined>;
  /** The entry with this Message.id by this sender. EN-16. */
  entryByMessageId(sender: Uint8Array, messageId: Uint8Array): Promise<StoredLogEntry | undefined>;
  /** Visible entries of other devices above a position, in order, at most `limit`. */
  unconsumed(position: number, limit: number): Promise<readonly StoredLogEntry[]>;
  /** Visible entries above a relay's cursor, in cursor order, at most `limit`. */
  placed(relay: RelayKey, cursor: number, limit: number): Promise<readonly PlacedLogEntry[]>;
  /** Own entries of this sender above a sequence, in order, at most `limit`. CL-06, CL-21. */
  ownAbove(sender: Uint8Array, sequence: number, limit: number): Promise<readonly StoredLogEntry[]>;
  /** The queue after an entry number, in order, at most `limit`. */
  outbox(after: number, limit: number): Promise<readonly StoredOutboxEntry[]>;
  outboxEntry(id: Uint8Array): Promise<StoredOutboxEntry | undefined>;
  /** The newest quarantined envelopes, at most `limit`. */
  quarantined(limit: number): Promise<readonly QuarantinedEnvelope[]>;
  /** Releases the lock. Calling it again does nothing. */
  close(): Promise<void>;
}
