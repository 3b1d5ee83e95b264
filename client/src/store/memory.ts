import { equal, toHex } from '@0k-sync/core/bytes';
import { messageKey, sequenceKey } from './memory-log.ts';
import { MemoryTables } from './memory-tables.ts';
import type { Change, OwnChain, PlacedLogEntry, Snapshot, Store } from './port.ts';
import { type Undo, undoAll } from './table.ts';
import type { RelayKey, SequenceSpan, StoredMessage } from './types.ts';

/** A store that ends with the process: for tests, and for apps that keep nothing on purpose. */
export class MemoryStore implements Store {
  readonly #watchers = new Set<(head: number) => void>();
  #given: number[] = [];
  readonly #tables = new MemoryTables((position) => void this.#given.push(position));

  async load(): Promise<Snapshot> {
    const { pins, progress, members, chains, heads, held, evidence, expiries, visits, log } = this.#tables;
    const { seed, group, consumed } = this.#tables.singles;
    return {
      seed,
      group: group && { ...group, heads: heads.values() },
      pins: pins.values(),
      progress: progress.values(),
      members: members.values(),
      chains: chains.values(),
      held: held.values().sort((a, b) => a.heldAtMs - b.heldAtMs || a.sequence - b.sequence),
      evidence: evidence.values(),
      expired: expiries.values(),
      visits: visits.values(),
      outboxCount: log.outbox.size,
      consumed,
      head: log.head,
    };
  }

  async commit(changes: readonly Change[]): Promise<readonly number[]> {
    const undos: Undo[] = [];
    this.#given = [];
    try {
      for (const change of changes) undos.push(this.#tables.apply(change));
    } catch (error) {
      undoAll(undos)();
      throw error;
    }
    const given = this.#given;
    if (given.length > 0) for (const listener of [...this.#watchers]) listener(this.#tables.log.head);
    return given;
  }

  watch(listener: (head: number) => void): () => void {
    this.#watchers.add(listener);
    return () => void this.#watchers.delete(listener);
  }

  async messages(after: number, limit: number, topic?: string): Promise<readonly StoredMessage[]> {
    const ofTopic = this.#tables.log.messagesAbove(after).filter((one) => topic === undefined || one.topic === topic);
    return [...ofTopic.take(limit)];
  }

  async countOthers(after: number, through: number, topic?: string): Promise<number> {
    const messages = await this.messages(after, Number.MAX_SAFE_INTEGER, topic);
    return messages.filter(({ own, position }) => !own && position <= through).length;
  }

  async cursors() {
    const cursors = this.#tables.cursors.entries().map(([name, position]) => ({ name, position }));
    return cursors.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async prune(through: number): Promise<number> {
    return this.#tables.log.prune(through);
  }

  async entryByHash(hash: Uint8Array) {
    return this.#tables.log.entries.get(hash);
  }

  async entryBySequence(sender: Uint8Array, sequence: number) {
    const hash = this.#tables.log.bySequence.get(sequenceKey(sender, sequence));
    return hash && this.#tables.log.entries.get(hash);
  }

  async entryByMessageId(sender: Uint8Array, messageId: Uint8Array) {
    const hash = this.#tables.log.byMessageId.get(messageKey(sender, messageId));
    return hash && this.#tables.log.entries.get(hash);
  }

  async unconsumed(position: number, limit: number) {
    const foreign = this.#tables.log.entriesAbove(position).filter(({ sealedHere }) => !sealedHere);
    return [...foreign.take(limit)];
  }

  async placed(relay: RelayKey, cursor: number, limit: number): Promise<readonly PlacedLogEntry[]> {
    const placements = this.#tables.placements
      .values()
      .filter((row) => row.relay === relay && row.cursor > cursor && this.#tables.isRead(row))
      .sort((a, b) => a.cursor - b.cursor);
    const entries = placements.flatMap((placement) => {
      const entry = this.#tables.log.entries.get(placement.hash);
      if (entry === undefined || !entry.visible || entry.plaintext.length === 0) return [];
      return [{ ...entry, cursor: placement.cursor, receivedAtMs: placement.receivedAtMs }];
    });
    return entries.slice(0, limit);
  }

  async ownAbove(sender: Uint8Array, sequence: number, limit: number) {
    return this.#tables.log.entries
      .values()
      .filter((entry) => entry.own && entry.plaintext.length > 0 && equal(entry.sender, sender))
      .filter((entry) => entry.sequence > sequence)
      .sort((a, b) => a.sequence - b.sequence)
      .slice(0, limit);
  }

  async outbox(after: number, limit: number) {
    return this.#tables.log.outbox
      .values()
      .filter((entry) => entry.number > after)
      .sort((a, b) => a.number - b.number)
      .slice(0, limit);
  }

  async outboxEntry(id: Uint8Array) {
    return this.#tables.log.outbox.get(id);
  }

  async collapsible(key: string) {
    return this.#tables.log.outbox.values().find(({ state, collapseKey }) => state === 'queued' && collapseKey === key);
  }

  async quarantined(limit: number) {
    return this.#tables.quarantine.newest(limit);
  }

  async quarantinedByHash(hash: Uint8Array) {
    return this.#tables.quarantine.byHash(hash);
  }

  async quarantinedOf(sender: Uint8Array) {
    return this.#tables.quarantine.of(sender);
  }

  async placedCursors(relay: RelayKey, from: number, to: number) {
    const cursors = this.#tables.placements.values().filter((row) => row.relay === relay);
    return cursors.flatMap(({ cursor }) => (cursor >= from && cursor <= to ? [cursor] : [])).sort((a, b) => a - b);
  }

  async unplacedOwn(relay: RelayKey, cursor: number, { sender, through }: OwnChain, limit: number) {
    const chain = this.#tables.log.entries
      .values()
      .filter((entry) => entry.own && entry.sequence <= through && equal(entry.sender, sender))
      .sort((a, b) => a.sequence - b.sequence)
      .map((entry) => ({ ...entry, cursor: this.#tables.cursorOf(relay, entry.hash) }));
    const read = chain.filter((entry) => entry.cursor !== undefined && entry.cursor <= cursor);
    const last = read.sort((a, b) => (a.cursor ?? 0) - (b.cursor ?? 0)).at(-1);
    const behind = chain.filter((entry) => entry.cursor === undefined && entry.sequence > (last?.sequence ?? 0));
    return behind.map(({ hash }) => hash).slice(0, limit);
  }

  async skipsOf(sender: Uint8Array) {
    const skips = this.#tables.skips.values().filter((row) => equal(row.sender, sender));
    return skips.sort((a, b) => a.from - b.from);
  }

  async holes(): Promise<readonly SequenceSpan[]> {
    const entries = this.#tables.log.entries
      .values()
      .map(({ sender, sequence }) => ({ sender, name: toHex(sender), sequence }));
    entries.sort((a, b) => (a.name === b.name ? a.sequence - b.sequence : a.name < b.name ? -1 : 1));
    return entries.flatMap(({ sender, name, sequence }, index) => {
      const before = entries[index - 1];
      const from = (before?.name === name ? before.sequence : 0) + 1;
      return from < sequence ? [{ sender, from, to: sequence - 1 }] : [];
    });
  }

  async highestSequence(sender: Uint8Array) {
    const entries = this.#tables.log.entries.values().filter((entry) => equal(entry.sender, sender));
    return entries.reduce((highest, { sequence }) => Math.max(highest, sequence), 0);
  }

  async heads() {
    return this.#tables.heads.values();
  }

  async expiries() {
    return this.#tables.expiries.values().sort((a, b) => a.from - b.from);
  }

  async close(): Promise<void> {}
}
