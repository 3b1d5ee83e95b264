import { toHex } from '@0k-sync/core/bytes';
import { QUARANTINE_BYTES_MAX } from '@0k-sync/generated/limits';
import type { Change } from './port.ts';
import { Table, type Undo } from './table.ts';
import type {
  HeldEnvelope,
  Placement,
  QuarantinedEnvelope,
  StoredChain,
  StoredGroup,
  StoredLogEntry,
  StoredMember,
  StoredOutboxEntry,
  StoredPin,
  StoredProgress,
} from './types.ts';

export const sequenceKey = (sender: Uint8Array, sequence: number) => `${toHex(sender)}/${sequence}`;
export const messageKey = (sender: Uint8Array, messageId: Uint8Array) => `${toHex(sender)}/${toHex(messageId)}`;
const placementKey = (relay: string, cursor: number) => `${relay}/${cursor}`;

/** The rows of a memory store, and how each change changes them. */
export class MemoryTables {
  seed: Uint8Array | undefined;
  group: StoredGroup | undefined;
  consumed = 0;
  quarantine: readonly QuarantinedEnvelope[] = [];
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

  /** Makes one change and returns what takes it back. @throws Error when a row exists that must not. */
  apply(change: Change): Undo {
    switch (change.kind) {
      case 'identity': {
        if (this.seed !== undefined) throw new Error('the identity exists already');
        this.seed = change.seed;
        return () => {
          this.seed = undefined;
        };
      }
      case 'group': {
        const before = this.group;
        this.group = change.group;
        return () => {
          this.group = before;
        };
      }
      case 'pin':
        return this.pins.put(change.pin.address, change.pin);
      case 'progress':
        return this.progress.put(change.progress.relay, change.progress);
      case 'forget-placements': {
        const gone = this.placements.values().filter((placement) => placement.relay === change.relay);
        return all(gone.map((placement) => this.placements.remove(placementKey(placement.relay, placement.cursor))));
      }
      case 'member':
        return this.members.put(change.member.deviceKey, change.member);
      case 'chain':
        return this.chains.put(change.chain.sender, change.chain);
      case 'accept': {
        const { entry } = change;
        if (this.log.get(entry.hash) !== undefined) throw new Error('the log has this envelope already');
        this.#position += 1;
        const position = this.#position;
        const undos = [
          this.logBySequence.insert(sequenceKey(entry.sender, entry.sequence), entry.hash),
          this.log.put(entry.hash, { ...entry, position }),
        ];
        const name = messageKey(entry.sender, entry.messageId);
        if (entry.visible && this.logByMessageId.get(name) === undefined) {
          undos.push(this.logByMessageId.put(name, entry.hash));
        }
        return all(undos);
      }
      case 'retract': {
        const key = sequenceKey(change.sender, change.sequence);
        const hash = this.logBySequence.get(key);
        const entry = hash && this.log.get(hash);
        if (entry === undefined) return () => {};
        return all([
          this.log.remove(entry.hash),
          this.logBySequence.remove(key),
          ...(entry.visible ? [this.logByMessageId.remove(messageKey(entry.sender, entry.messageId))] : []),
        ]);
      }
      case 'place': {
        const { placement } = change;
        if (this.log.get(placement.hash) === undefined) return () => {};
        return this.placements.put(placementKey(placement.relay, placement.cursor), placement);
      }
      case 'hold':
        return this.held.put(change.held.hash, change.held);
      case 'release':
        return this.held.remove(change.hash);
      case 'quarantine': {
        const before = this.quarantine;
        this.quarantine = bounded([...before, change.envelope]);
        return () => {
          this.quarantine = before;
        };
      }
      case 'enqueue':
        this.#number += 1;
        return this.outbox.insert(change.entry.id, { ...change.entry, number: this.#number });
      case 'outbox-state': {
        const before = this.outbox.get(change.id);
        if (before === undefined) throw new Error('the outbox does not have this entry');
        const { refusal: _, ...kept } = before;
        const { kind: __, ...changed } = change;
        return this.outbox.put(change.id, { ...kept, ...changed });
      }
      case 'dequeue':
        return this.outbox.remove(change.id);
      case 'consumed': {
        const before = this.consumed;
        this.consumed = change.position;
        return () => {
          this.consumed = before;
        };
      }
    }
  }
}

function all(undos: readonly Undo[]): Undo {
  return () => {
    for (const undo of undos) undo();
  };
}

function bounded(envelopes: readonly QuarantinedEnvelope[]): readonly QuarantinedEnvelope[] {
  let bytes = envelopes.reduce((sum, { envelope }) => sum + envelope.length, 0);
  let first = 0;
  for (; bytes > QUARANTINE_BYTES_MAX; first += 1) bytes -= envelopes[first]?.envelope.length ?? 0;
  return envelopes.slice(first);
}
