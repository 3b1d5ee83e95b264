import { equal, toHex } from '@0k-sync/core/bytes';
import { MemoryTables, messageKey, sequenceKey } from './memory-tables.ts';
import type { Change, PlacedLogEntry, Snapshot, Store } from './port.ts';
import type { Undo } from './table.ts';
import type { RelayKey, SequenceSpan } from './types.ts';

/** A store that ends with the process: for tests, and for apps that keep nothing on purpose. */
export class MemoryStore implements Store {
  readonly #tables = new MemoryTables();

  async load(): Promise<Snapshot> {
    const { pins, progress, members, chains, heads, held, evidence, expiries, outbox } = this.#tables;
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
      outboxCount: outbox.size,
      consumed,
    };
  }

  async commit(changes: readonly Change[]): Promise<void> {
    const undos: Undo[] = [];
    try {
      for (const change of changes) undos.push(this.#tables.apply(change));
    } catch (error) {
      for (const undo of undos.reverse()) undo();
      throw error;
    }
  }

  async entryByHash(hash: Uint8Array) {
    return this.#tables.log.get(hash);
  }

  async entryBySequence(sender: Uint8Array, sequence: number) {
    const hash = this.#tables.logBySequence.get(sequenceKey(sender, sequence));
    return hash && this.#tables.log.get(hash);
  }

  async entryByMessageId(sender: Uint8Array, messageId: Uint8Array) {
    const hash = this.#tables.logByMessageId.get(messageKey(sender, messageId));
    return hash && this.#tables.log.get(hash);
  }

  async unconsumed(position: number, limit: number) {
    return this.#tables.log
      .values()
      .filter((entry) => entry.visible && !entry.sealedHere && entry.position > position)
      .sort((a, b) => a.position - b.position)
      .slice(0, limit);
  }

  async placed(relay: RelayKey, cursor: number, limit: number): Promise<readonly PlacedLogEntry[]> {
    const placements = this.#tables.placements
      .values()
      .filter((row) => row.relay === relay && row.cursor > cursor && this.#tables.isRead(row))
      .sort((a, b) => a.cursor - b.cursor);
    const entries = placements.flatMap((placement) => {
      const entry = this.#tables.log.get(placement.hash);
      if (entry === undefined || !entry.visible) return [];
      return [{ ...entry, cursor: placement.cursor, receivedAtMs: placement.receivedAtMs }];
    });
    return entries.slice(0, limit);
  }

  async ownAbove(sender: Uint8Array, sequence: number, limit: number) {
    return this.#tables.log
      .values()
      .filter((entry) => entry.own && toHex(entry.sender) === toHex(sender) && entry.sequence > sequence)
      .sort((a, b) => a.sequence - b.sequence)
      .slice(0, limit);
  }

  async outbox(after: number, limit: number) {
    return this.#tables.outbox
      .values()
      .filter((entry) => entry.number > after)
      .sort((a, b) => a.number - b.number)
      .slice(0, limit);
  }

  async outboxEntry(id: Uint8Array) {
    return this.#tables.outbox.get(id);
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

  async skipsOf(sender: Uint8Array) {
    const skips = this.#tables.skips.values().filter((row) => equal(row.sender, sender));
    return skips.sort((a, b) => a.from - b.from);
  }

  async holes(): Promise<readonly SequenceSpan[]> {
    const entries = this.#tables.log
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
    const entries = this.#tables.log.values().filter((entry) => equal(entry.sender, sender));
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
