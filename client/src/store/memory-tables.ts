import { equal, toHex } from '@0k-sync/core/bytes';
import { EVIDENCE_ITEMS_MAX } from '@0k-sync/generated/limits';
import { MemoryLog, sequenceKey } from './memory-log.ts';
import { MemoryQuarantine } from './memory-quarantine.ts';
import { type Change, type ChangeHandlers, type ChangeOf, handleChange } from './port.ts';
import { Table, type Undo, undoAll } from './table.ts';
import type {
  HeldEnvelope,
  Placement,
  StoredChain,
  StoredEvidence,
  StoredExpiry,
  StoredGroup,
  StoredHead,
  StoredMember,
  StoredPin,
  StoredProgress,
  StoredSkip,
  StoredVisit,
} from './types.ts';

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
  readonly visits = new Table<StoredVisit>();
  readonly pins = new Table<StoredPin>();
  readonly progress = new Table<StoredProgress>();
  readonly members = new Table<StoredMember>();
  readonly chains = new Table<StoredChain>();
  readonly log = new MemoryLog();
  readonly cursors = new Table<number>();
  readonly placements = new Table<Placement>();
  readonly held = new Table<HeldEnvelope>();
  /** Takes the positions that the changes give. */
  readonly #give: (position: number) => void;

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
    accept: ({ entry }) => this.#placed(this.log.accept(entry)),
    retract: ({ sender, sequence }) => this.log.retract(sender, sequence),
    place: ({ placement }) => {
      const key = placementKey(placement.relay, placement.hash);
      if (this.log.entries.get(placement.hash) === undefined || this.isRead(this.placements.get(key))) return nothing;
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
    visit: ({ visit }) => this.visits.put(visit.relay, visit),
    enqueue: ({ entry }) => this.#placed(this.log.enqueue(entry)),
    'enqueue-sealed': ({ entry }) => this.#placed(this.log.enqueueSealed(entry)),
    'outbox-state': (change) => this.#changeOutboxEntry(change),
    dequeue: ({ id }) => this.log.dequeue(id),
    consumed: ({ position }) => this.#replace({ consumed: position }),
    cursor: ({ cursor: { name, position } }) => this.cursors.put(name, position),
    'forget-cursor': ({ name }) => this.cursors.remove(name),
  };

  /** @param give called with each position that a change gives */
  constructor(give: (position: number) => void) {
    this.#give = give;
  }

  /** Makes one change and returns its undo. @throws Error when a row exists that must not, or the reverse. */
  apply(change: Change): Undo {
    return handleChange(this.#handlers, change);
  }

  /** True for a cursor that was read, and not only told by a PushAck. */
  isRead(placement: Placement | undefined): placement is Placement {
    return placement !== undefined && placement.receivedAtMs > 0;
  }

  /** The cursor of the envelope with this H at a relay. */
  cursorOf(relay: string, hash: Uint8Array): number | undefined {
    return this.placements.get(placementKey(relay, hash))?.cursor;
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

  #placed({ undo, position }: { readonly undo: Undo; readonly position: number }): Undo {
    if (position > 0) this.#give(position);
    return undo;
  }

  #changeOutboxEntry({ kind: _, ...changed }: ChangeOf<'outbox-state'>): Undo {
    const before = this.log.outbox.get(changed.id);
    if (before === undefined) throw new Error('the outbox does not have this entry');
    const { refusal: __, sequence, ...kept } = before;
    const sealed = sequence === undefined || changed.state === 'queued' ? {} : { sequence };
    return this.log.outbox.put(changed.id, { ...kept, ...sealed, ...changed });
  }
}
