import type { Database } from 'better-sqlite3';
import { SyncError } from '../error.ts';
import type { Change, PlacedLogEntry, Snapshot, Store } from '../store/port.ts';
import type { RelayKey } from '../store/types.ts';
import { openDatabase } from './database.ts';
import { prepareReads, type Reads } from './sqlite-reads.ts';
import { prepareWrites } from './sqlite-writes.ts';

/**
 * Keeps one device's data in one SQLite file of mode 0600, which is locked for this process. Every resolved commit
 * survives a kill and a power cut: write-ahead log, full sync. GR-12, GR-13.
 */
export class SqliteStore implements Store {
  readonly #database: Database;
  readonly #reads: Reads;
  readonly #commit: (changes: readonly Change[]) => void;

  /** @throws SyncError kind `store` when the file is in use, damaged, readable by others, or of a newer version. */
  constructor(path: string) {
    this.#database = openDatabase(path);
    this.#reads = prepareReads(this.#database);
    const write = prepareWrites(this.#database);
    this.#commit = this.#database.transaction((changes: readonly Change[]) => {
      for (const change of changes) write(change);
    });
  }

  async load(): Promise<Snapshot> {
    return this.#reads.snapshot();
  }

  async commit(changes: readonly Change[]): Promise<void> {
    try {
      this.#commit(changes);
    } catch (error) {
      throw new SyncError('store', `The data could not be stored: ${(error as Error).message}.`, {
        hint: 'Check that the disk is not full, and try again; nothing was changed.',
        cause: error,
      });
    }
  }

  async entryByHash(hash: Uint8Array) {
    return this.#reads.byHash(hash);
  }

  async entryBySequence(sender: Uint8Array, sequence: number) {
    return this.#reads.bySequence(sender, sequence);
  }

  async entryByMessageId(sender: Uint8Array, messageId: Uint8Array) {
    return this.#reads.byMessageId(sender, messageId);
  }

  async unconsumed(position: number, limit: number) {
    return this.#reads.unconsumed(position, limit);
  }

  async placed(relay: RelayKey, cursor: number, limit: number): Promise<readonly PlacedLogEntry[]> {
    return this.#reads.placed(relay, cursor, limit);
  }

  async ownAbove(sender: Uint8Array, sequence: number, limit: number) {
    return this.#reads.ownAbove(sender, sequence, limit);
  }

  async outbox(after: number, limit: number) {
    return this.#reads.outbox(after, limit);
  }

  async outboxEntry(id: Uint8Array) {
    return this.#reads.outboxEntry(id);
  }

  async quarantined(limit: number) {
    return this.#reads.quarantined(limit);
  }

  async quarantinedByHash(hash: Uint8Array) {
    return this.#reads.quarantinedByHash(hash);
  }

  async quarantinedOf(sender: Uint8Array) {
    return this.#reads.quarantinedOf(sender);
  }

  async placedCursors(relay: RelayKey, from: number, to: number) {
    return this.#reads.placedCursors(relay, from, to);
  }

  async skipsOf(sender: Uint8Array) {
    return this.#reads.skipsOf(sender);
  }

  async holes() {
    return this.#reads.holes();
  }

  async highestSequence(sender: Uint8Array) {
    return this.#reads.highestSequence(sender);
  }

  async heads() {
    return this.#reads.heads();
  }

  async expiries() {
    return this.#reads.expiries();
  }

  async close(): Promise<void> {
    this.#database.close();
  }
}
