import type { Change, OwnChain, PlacedLogEntry, Snapshot, Store } from '../../store/port.ts';
import type { RelayKey } from '../../store/types.ts';
import { type LogReads, prepareLogReads } from './log-reads.ts';
import { prepareQueueReads, type QueueReads } from './queue-reads.ts';
import type { Database } from './sqlite.ts';
import { prepareStateReads, type StateReads } from './state-reads.ts';
import { storeError, Writer } from './writer.ts';

/** The prepared statements of one database, which its slots share. */
export class Statements {
  readonly log: LogReads;
  readonly queue: QueueReads;
  readonly state: StateReads;
  readonly writer: Writer;
  readonly prune: (slot: number, through: number) => number;
  readonly inOneView: <Value>(read: () => Value) => Value;

  constructor(database: Database) {
    this.log = prepareLogReads(database);
    this.queue = prepareQueueReads(database);
    this.state = prepareStateReads(database);
    this.writer = new Writer(database);
    this.inOneView = (read) => database.transaction(read)();
    const prune = database.prepare<[{ readonly slot: number; readonly through: number }]>(
      `UPDATE log SET plaintext = NULL, nonce = NULL
       WHERE slot = @slot AND position <= @through AND plaintext IS NOT NULL AND sequence IS NOT NULL
         AND (own = 0 OR sequence NOT IN (SELECT sequence FROM outbox WHERE slot = @slot AND sequence IS NOT NULL))`,
    );
    this.prune = (slot, through) => prune.run({ slot, through }).changes;
  }
}

/** The store of one slot of a SQLite file. */
export class SlotStore implements Store {
  readonly #statements: Statements;
  readonly #slot: number;
  readonly #watchers = new Set<(head: number) => void>();

  constructor(statements: Statements, slot: number) {
    this.#statements = statements;
    this.#slot = slot;
  }

  async load(): Promise<Snapshot> {
    const { state, queue, inOneView } = this.#statements;
    const slot = this.#slot;
    return inOneView(() => ({
      seed: state.seed(slot),
      group: state.group(slot),
      pins: state.pins(slot),
      progress: state.progress(slot),
      members: state.members(slot),
      chains: state.chains(slot),
      held: queue.held(slot),
      evidence: state.evidence(slot),
      expired: state.expiries(slot),
      visits: state.visits(slot),
      outboxCount: queue.outboxCount(slot),
      consumed: state.counters(slot).consumed,
      head: state.counters(slot).head,
    }));
  }

  async commit(changes: readonly Change[]): Promise<readonly number[]> {
    const positions = await this.#statements.writer.commit(this.#slot, changes);
    const head = positions.at(-1);
    if (head !== undefined) for (const listener of [...this.#watchers]) listener(head);
    return positions;
  }

  watch(listener: (head: number) => void): () => void {
    this.#watchers.add(listener);
    return () => void this.#watchers.delete(listener);
  }

  async messages(after: number, limit: number, topic?: string) {
    return this.#statements.log.messages(this.#slot, after, limit, topic);
  }

  async countOthers(after: number, through: number, topic?: string) {
    return this.#statements.log.countOthers(this.#slot, after, through, topic);
  }

  async cursors() {
    return this.#statements.log.cursors(this.#slot);
  }

  async prune(through: number): Promise<number> {
    try {
      return this.#statements.prune(this.#slot, through);
    } catch (cause) {
      throw storeError(cause);
    }
  }

  async entryByHash(hash: Uint8Array) {
    return this.#statements.log.byHash(this.#slot, hash);
  }

  async entryBySequence(sender: Uint8Array, sequence: number) {
    return this.#statements.log.bySequence(this.#slot, sender, sequence);
  }

  async entryByMessageId(sender: Uint8Array, messageId: Uint8Array) {
    return this.#statements.log.byMessageId(this.#slot, sender, messageId);
  }

  async unconsumed(position: number, limit: number) {
    return this.#statements.log.unconsumed(this.#slot, position, limit);
  }

  async placed(relay: RelayKey, cursor: number, limit: number): Promise<readonly PlacedLogEntry[]> {
    return this.#statements.log.placed(this.#slot, relay, cursor, limit);
  }

  async ownAbove(sender: Uint8Array, sequence: number, limit: number) {
    return this.#statements.log.ownAbove(this.#slot, sender, sequence, limit);
  }

  async outbox(after: number, limit: number) {
    return this.#statements.queue.outbox(this.#slot, after, limit);
  }

  async outboxEntry(id: Uint8Array) {
    return this.#statements.queue.outboxEntry(this.#slot, id);
  }

  async collapsible(key: string) {
    return this.#statements.queue.collapsible(this.#slot, key);
  }

  async quarantined(limit: number) {
    return this.#statements.queue.quarantined(this.#slot, limit);
  }

  async quarantinedByHash(hash: Uint8Array) {
    return this.#statements.queue.quarantinedByHash(this.#slot, hash);
  }

  async quarantinedOf(sender: Uint8Array) {
    return this.#statements.queue.quarantinedOf(this.#slot, sender);
  }

  async placedCursors(relay: RelayKey, from: number, to: number) {
    return this.#statements.log.placedCursors(this.#slot, relay, from, to);
  }

  async unplacedOwn(relay: RelayKey, cursor: number, chain: OwnChain, limit: number) {
    return this.#statements.log.unplacedOwn(this.#slot, relay, cursor, chain, limit);
  }

  async skipsOf(sender: Uint8Array) {
    return this.#statements.state.skipsOf(this.#slot, sender);
  }

  async holes() {
    return this.#statements.log.holes(this.#slot);
  }

  async highestSequence(sender: Uint8Array) {
    return this.#statements.log.highestSequence(this.#slot, sender);
  }

  async heads() {
    return this.#statements.state.heads(this.#slot);
  }

  async expiries() {
    return this.#statements.state.expiries(this.#slot);
  }

  async close(): Promise<void> {}
}
