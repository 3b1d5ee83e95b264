import type {
  HeldEnvelope,
  LogEntry,
  OutboxEntry,
  OutboxState,
  Placement,
  QuarantinedEnvelope,
  RelayKey,
  SequenceSpan,
  StoredChain,
  StoredCursor,
  StoredEvidence,
  StoredExpiry,
  StoredGroup,
  StoredHead,
  StoredLogEntry,
  StoredMember,
  StoredMessage,
  StoredOutboxEntry,
  StoredPin,
  StoredProgress,
  StoredSkip,
  StoredVisit,
} from './types.ts';

/** One change of the store. A commit takes several and makes them one transaction. */
export type Change =
  /** The device seed, 32 bytes; written once. GR-10. */
  | { readonly kind: 'identity'; readonly seed: Uint8Array }
  | { readonly kind: 'group'; readonly group: StoredGroup }
  | { readonly kind: 'pin'; readonly pin: StoredPin }
  | { readonly kind: 'progress'; readonly progress: StoredProgress }
  /** Forgets every placement of a relay that lost what it had. CL-06. */
  | { readonly kind: 'forget-placements'; readonly relay: RelayKey }
  | { readonly kind: 'member'; readonly member: StoredMember }
  | { readonly kind: 'chain'; readonly chain: StoredChain }
  /**
   * Appends an entry to the log. A visible one takes the next position; one that this store sealed keeps the position that
   * its outbox entry has.
   */
  | { readonly kind: 'accept'; readonly entry: LogEntry }
  /**
   * Removes an own log entry that was sealed. Its message and position stay while its outbox entry does. CL-25, CL-28.
   */
  | { readonly kind: 'retract'; readonly sender: Uint8Array; readonly sequence: number }
  /** Records the cursor of a log entry; does nothing if the log has no such entry, or its relay gave a cursor before. CL-17. */
  | { readonly kind: 'place'; readonly placement: Placement }
  | { readonly kind: 'hold'; readonly held: HeldEnvelope }
  | { readonly kind: 'release'; readonly hash: Uint8Array }
  /** Adds an envelope to the quarantine and removes the oldest ones above QUARANTINE_BYTES_MAX. EN-26. */
  | { readonly kind: 'quarantine'; readonly envelope: QuarantinedEnvelope }
  /** Removes the envelopes with this H from the quarantine. EN-34, CL-12. */
  | { readonly kind: 'unquarantine'; readonly hash: Uint8Array }
  /** Keeps a fork; does nothing when its sender has EVIDENCE_ITEMS_MAX already, or this very one. EN-23. */
  | { readonly kind: 'evidence'; readonly evidence: StoredEvidence }
  /** Replaces the head of a sender that a stub proves. CL-21. */
  | { readonly kind: 'head'; readonly head: StoredHead }
  /** Stores skipped sequences; replaces those of the same sender that begin with the same one. EN-29. */
  | { readonly kind: 'skip'; readonly skip: StoredSkip }
  /** Stores cursors that are gone. CL-08. */
  | { readonly kind: 'expire'; readonly expiry: StoredExpiry }
  /** Replaces the last session with a relay. CL-29. */
  | { readonly kind: 'visit'; readonly visit: StoredVisit }
  /** Adds an outbox entry. A message in state `queued` takes the next position. */
  | { readonly kind: 'enqueue'; readonly entry: OutboxEntry }
  /**
   * Adds an own message that is sealed already to the log and to the outbox; it takes the next position. Its outbox entry
   * has the id of the message, in state `sealed`. CL-22.
   */
  | { readonly kind: 'enqueue-sealed'; readonly entry: LogEntry }
  /** Changes the state of an outbox entry; `refusal` is an error number. */
  | {
      readonly kind: 'outbox-state';
      readonly id: Uint8Array;
      readonly state: OutboxState;
      readonly sequence?: number;
      readonly refusal?: number;
    }
  /** Removes an outbox entry that was acknowledged or dropped; the message of one that is not sealed goes with it. */
  | { readonly kind: 'dequeue'; readonly id: Uint8Array }
  /** Marks every message up to this position as read by `messages()`. */
  | { readonly kind: 'consumed'; readonly position: number }
  /** Puts a named cursor at a position. */
  | { readonly kind: 'cursor'; readonly cursor: StoredCursor }
  | { readonly kind: 'forget-cursor'; readonly name: string };

/** The change of one kind. */
export type ChangeOf<Kind extends Change['kind']> = Extract<Change, { kind: Kind }>;

/** One function per kind of change: a new kind does not compile before it has one. */
export type ChangeHandlers<Result> = { readonly [Kind in Change['kind']]: (change: ChangeOf<Kind>) => Result };

/** Calls the function for the kind of `change`. */
export function handleChange<Result, Kind extends Change['kind']>(
  handlers: ChangeHandlers<Result>,
  change: ChangeOf<Kind>,
): Result {
  const handle = handlers[change.kind] as (change: ChangeOf<Kind>) => Result;
  return handle(change);
}

/** This device's chain up to a place. */
export interface OwnChain {
  /** This device's key in the group, 32 bytes. */
  readonly sender: Uint8Array;
  /** A sequence. */
  readonly through: number;
}

/** The data that a client loads when it starts. */
export interface Snapshot {
  /** The device seed, 32 bytes. GR-10. */
  readonly seed: Uint8Array | undefined;
  readonly group: StoredGroup | undefined;
  readonly pins: readonly StoredPin[];
  readonly progress: readonly StoredProgress[];
  readonly members: readonly StoredMember[];
  readonly chains: readonly StoredChain[];
  /** Oldest first. */
  readonly held: readonly HeldEnvelope[];
  readonly evidence: readonly StoredEvidence[];
  readonly expired: readonly StoredExpiry[];
  readonly visits: readonly StoredVisit[];
  /** Number of outbox entries. */
  readonly outboxCount: number;
  /** Position of the last message that `messages()` has given; 0 if none. */
  readonly consumed: number;
  /** The highest position that was given; 0 before the first. */
  readonly head: number;
}

/** The log entry of a message with its cursor at the relay that was asked for. */
export interface PlacedLogEntry extends StoredLogEntry {
  readonly cursor: number;
}

/**
 * The durable state of one group on this device. One call is one transaction; a rejected `commit` has changed nothing. Keys
 * and hashes are 32 bytes, message ids 16.
 */
export interface Store {
  /** Reads everything that a client needs when it starts. */
  load(): Promise<Snapshot>;
  /**
   * Applies all changes in order, or none; they are durable when it resolves, with the positions of the messages that were
   * accepted or queued, in the order of the changes. What is committed later has a higher position. CL-03, CL-20, CL-22.
   */
  commit(changes: readonly Change[]): Promise<readonly number[]>;
  /** Calls the listener after each commit that gave positions, with the highest one. The returned function ends that. */
  watch(listener: (head: number) => void): () => void;
  /** The messages above a position, own and queued ones too, in order, at most `limit`; of one topic if it is given. */
  messages(after: number, limit: number, topic?: string): Promise<readonly StoredMessage[]>;
  /** The number of messages of others above a position, up to another one; of one topic if it is given. */
  countOthers(after: number, through: number, topic?: string): Promise<number>;
  /** The named cursors, by name. */
  cursors(): Promise<readonly StoredCursor[]>;
  /**
   * Removes the content of the messages up to a position, except what no relay has acknowledged; the stubs stay. Resolves
   * with the number of messages.
   */
  prune(through: number): Promise<number>;
  /** The log entry with this H. */
  entryByHash(hash: Uint8Array): Promise<StoredLogEntry | undefined>;
  /** The log entry with this sequence of a sender. */
  entryBySequence(sender: Uint8Array, sequence: number): Promise<StoredLogEntry | undefined>;
  /** The first visible log entry with this Message.id of a sender. EN-16. */
  entryByMessageId(sender: Uint8Array, messageId: Uint8Array): Promise<StoredLogEntry | undefined>;
  /** The messages above a position that this store did not seal, in order, at most `limit`. CL-15. */
  unconsumed(position: number, limit: number): Promise<readonly StoredMessage[]>;
  /** Log entries of messages above a cursor of a relay that were not pruned, in cursor order, at most `limit`. */
  placed(relay: RelayKey, cursor: number, limit: number): Promise<readonly PlacedLogEntry[]>;
  /** Own log entries of this sender above a sequence that were not pruned, in order, at most `limit`. CL-06, CL-21. */
  ownAbove(sender: Uint8Array, sequence: number, limit: number): Promise<readonly StoredLogEntry[]>;
  /** Outbox entries above an entry number, in order, at most `limit`. */
  outbox(after: number, limit: number): Promise<readonly StoredOutboxEntry[]>;
  /** The outbox entry with this message id. */
  outboxEntry(id: Uint8Array): Promise<StoredOutboxEntry | undefined>;
  /** The queued entry, not sealed yet, with this collapse key. */
  collapsible(key: string): Promise<StoredOutboxEntry | undefined>;
  /** The newest quarantined envelopes, newest first, at most `limit`. */
  quarantined(limit: number): Promise<readonly QuarantinedEnvelope[]>;
  /** The newest quarantined envelope with this H. EN-34. */
  quarantinedByHash(hash: Uint8Array): Promise<QuarantinedEnvelope | undefined>;
  /** The quarantined envelopes of one sender, by sequence. CL-12. */
  quarantinedOf(sender: Uint8Array): Promise<readonly QuarantinedEnvelope[]>;
  /** The cursors from `from` to `to` of a relay that log entries have, ascending. CL-08. */
  placedCursors(relay: RelayKey, from: number, to: number): Promise<readonly number[]>;
  /**
   * H of the entries of an own chain that have no cursor at a relay, in order, at most `limit`: those behind the entry with
   * the highest cursor there up to `cursor`, up to sequence `through`. CL-08.
   */
  unplacedOwn(relay: RelayKey, cursor: number, chain: OwnChain, limit: number): Promise<readonly Uint8Array[]>;
  /** The skipped sequences of one sender, ascending. EN-29. */
  skipsOf(sender: Uint8Array): Promise<readonly StoredSkip[]>;
  /** The sequences below each sender's highest log entry that the log does not have, by sender, ascending. CL-14. */
  holes(): Promise<readonly SequenceSpan[]>;
  /** The highest sequence of a sender in the log; 0 without an entry. CL-14. */
  highestSequence(sender: Uint8Array): Promise<number>;
  /** The heads that stubs prove. PA-12, CL-21. */
  heads(): Promise<readonly StoredHead[]>;
  /** The cursors that were reported as expired. CL-14. */
  expiries(): Promise<readonly StoredExpiry[]>;
  /** Ends the use of this store; one that stands alone releases its lock. Does nothing when it is closed already. */
  close(): Promise<void>;
}

/** The data of one device: a slot for each of its groups, in one file under one lock. */
export interface DeviceStore {
  /** The numbers of the slots, ascending. */
  slots(): Promise<readonly number[]>;
  /** Makes an empty slot; its number is durable when it resolves, and never used again. */
  createSlot(): Promise<number>;
  /** The store of one slot, which lives as long as this one. @throws RangeError without such a slot */
  slot(number: number): Store;
  /** Removes a slot with everything in it. Does nothing without such a slot. */
  removeSlot(number: number): Promise<void>;
  /** Releases the lock. Does nothing when it is closed already. */
  close(): Promise<void>;
}
