import { equal, toHex } from '@0k-sync/core/bytes';
import { EVIDENCE_ITEMS_MAX } from '@0k-sync/generated/limits';
import { MemoryQuarantine } from './memory-quarantine.ts';
import { type Change, type ChangeHandlers, type ChangeOf, handleChange } from './port.ts';
import { Table, type Undo } from './table.ts';
import type {
  HeldEnvelope,
  LogEntry,
  Placement,
  StoredChain,
  StoredEvidence,
  StoredExpiry,
  StoredGroup,
  StoredHead,
  StoredLogEntry,
  StoredMember,
  StoredOutboxEntry,
  StoredPin,
  StoredProgress,
  StoredSkip,
} from './types.ts';

/** The key of a sender's sequence. */
export const sequenceKey = (sender: Uint8Array, sequence: number) => `${toHex(sender)}/${sequence}`;
/** The key of a sender's message. */
export const messageKey = (sender: Uint8Array, messageId: Uint8Array) => `${toHex(sender)}/${toHex(messageId)}`;
/** An envelope has one cursor at a relay. CL-17. */
const placementKey = (relay: string, hash: Uint8Array) => `${relay}/${toHex(hash)}`;
const nothing: Undo = () => {};

/** The rows that a memory store has one of. */
interface Singles {
  seed: Uint8Array | undefined;
  group: StoredGroup | undefined;
  consumed: number;
}

/** The rows of a memory store, and the effect of each change on them. */
export class MemoryTables {
  readonly singles: Singles = { seed: undefined, group: undefined, consumed: 0 };
  readonly quarantine = new MemoryQuarantine();
  readonly heads = new Table<StoredHead>();
  readonly evidence = new Table<StoredEvidence>();
  readonly skips = new Table<StoredSkip>();
  readonly expiries = new Table<StoredExpiry>();
  readonly pins = new Table<StoredPin>();
  readonly progress = new Table<StoredProgress>();
  readonly members = new Table<StoredMember>();
  readonly chains = new Table<StoredChain>();
  readonly log = new Table<StoredLogEntry>();
  readonly logBySequence = new Table<Uint8Array>();
  readonly logByMessageId = new Table<Uint8Array>();
  readonly placements = new Table<Placement>();
  readonly held = new Table<HeldEnvelope>();
  readonly outbox = new Table<StoredOutboxEntry>();
  #position = 0;
  #number = 0;

  readonly #handlers: ChangeHandlers<Undo> = {
    identity: ({ seed }) => {
      if (this.singles.seed !== undefined) throw new Error('the identity exists already');
      return this.#replace({ seed });
    },
    group: ({ group }) =>
      undoAll([this.#replace({ group }), ...group.heads.map((head) => this.heads.put(head.sender, head))]),
    pin: ({ pin }) => this.pins.put(pin.address, pin),
    progress: ({ progress }) => this.progress.put(progress.relay, progress),
    'forget-placements': ({ relay }) => this.#forgetPlacements(relay),
    member: ({ member }) => this.members.put(member.deviceKey, member),
    chain: ({ chain }) => this.chains.put(chain.sender, chain),
    accept: ({ entry }) => this.#accept(entry),
    retract: ({ sender, sequence }) => this.#retract(sequenceKey(sender, sequence)),
    place: ({ placement }) => {
      const key = placementKey(placement.relay, placement.hash);
      if (this.log.get(placement.hash) === undefined || this.isRead(this.placements.get(key))) return nothing;
      return this.placements.put(key, placement);
    },
    hold: ({ held }) => this.held.put(held.hash, held),
    release: ({ hash }) => this.held.remove(hash),
    quarantine: ({ envelope }) => this.quarantine.add(envelope),
    unquarantine: ({ hash }) => this.quarantine.remove(hash),
    evidence: ({ evidence }) => this.#keepEvidence(evidence),
    head: ({ head }) => this.heads.put(head.sender, head),
    skip: ({ skip }) => this.skips.put(sequenceKey(skip.sender, skip.from), skip),
    expire: ({ expiry }) => this.expiries.put(`${expiry.relay}/${expiry.from}`, expiry),
    enqueue: ({ entry }) => {
      this.#number += 1;
      return this.outbox.insert(entry.id, { ...entry, number: this.#number });
    },
    'outbox-state': (change) => this.#changeOutboxEntry(change),
    dequeue: ({ id }) => this.outbox.remove(id),
    consumed: ({ position }) => this.#replace({ consumed: position }),
  };

  /** Makes one change and returns its undo. @throws Error when a row exists that must not, or the reverse. */
  apply(change: Change): Undo {
    return handleChange(this.#handlers, change);
  }

  /** True for a cursor that was read, and not only told by a PushAck. */
  isRead(placement: Placement | undefined): placement is Placement {
    return placement !== undefined && placement.receivedAtMs > 0;
  }

  #replace(rows: Partial<Singles>): Undo {
    const before = { ...this.singles };
    Object.assign(this.singles, rows);
    return () => Object.assign(this.singles, before);
  }

  #keepEvidence(evidence: StoredEvidence): Undo {
    const { sender, sequence, second } = evidence;
    const ofSender = this.evidence.values().filter((row) => equal(row.sender, sender));
    if (ofSender.length >= EVIDENCE_ITEMS_MAX) return nothing;
    return this.evidence.put(`${sequenceKey(sender, sequence)}/${toHex(second)}`, evidence);
  }

  #forgetPlacements(relay: string): Undo {
    const gone = this.placements.values().filter((placement) => placement.relay === relay);
    return undoAll(gone.map(({ hash }) => this.placements.remove(placementKey(relay, hash))));
  }

  #accept(entry: LogEntry): Undo {
    if (this.log.get(entry.hash) !== undefined) throw new Error('the log has this envelope already');
    this.#position += 1;
    const undos = [
      this.logBySequence.insert(sequenceKey(entry.sender, entry.sequence), entry.hash),
      this.log.put(entry.hash, { ...entry, position: this.#position }),
    ];
    const key = messageKey(entry.sender, entry.messageId);
    if (entry.visible && this.logByMessageId.get(key) === undefined) {
      undos.push(this.logByMessageId.put(key, entry.hash));
    }
    return undoAll(undos);
  }

  #retract(key: string): Undo {
    const hash = this.logBySequence.get(key);
    const entry = hash && this.log.get(hash);
    if (entry === undefined) return nothing;
    return undoAll([
      this.log.remove(entry.hash),
      this.logBySequence.remove(key),
      ...(entry.visible ? [this.logByMessageId.remove(messageKey(entry.sender, entry.messageId))] : []),
    ]);
  }

  #changeOutboxEntry({ kind: _, ...changed }: ChangeOf<'outbox-state'>): Undo {
    const before = this.outbox.get(changed.id);
    if (before === undefined) throw new Error('the outbox does not have this entry');
    const { refusal: __, sequence, ...kept } = before;
    const sealed = sequence === undefined || changed.state === 'queued' ? {} : { sequence };
    return this.outbox.put(changed.id, { ...kept, ...sealed, ...changed });
  }
}

function undoAll(undos: readonly Undo[]): Undo {
  return () => {
    for (const undo of undos) undo();
  };
}
