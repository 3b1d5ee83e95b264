import type { CryptoProvider } from '@0k-sync/core/crypto';
import type Database from 'better-sqlite3';
import { openForWriting } from '../database.ts';
import { classify, needsReopen } from '../failures.ts';
import type { Batch, BatchResult, WriterConfig } from '../messages/messages.ts';
import { StorageError, type StorageFailure } from '../port.ts';
import { Reserve } from '../reserve.ts';
import { BatchWriter } from './batch.ts';
import { checkpoint, freePages, roomPages, tryCheckpoint } from './pages.ts';

/** The reserve grows by this much at the start and with each sweep. */
const RESERVE_STEP_BYTES = 1024 * 1024;
/** A failed attempt to restore the reserve is not repeated sooner, milliseconds. */
const RESTORE_MS = 1000;
/** With fewer pages left the database is as good as full: one batch may need them. */
const ROOM_PAGES = 128;

const SPENT: StorageFailure = { kind: 'full', message: 'the disk is full: what is left of it is kept for removal' };

/** A batch that is durable. */
export interface Written {
  readonly result: BatchResult;
  /** True when it shows that storage takes new envelopes. An empty transaction shows nothing. */
  readonly isSound: boolean;
}

/** Opens the database and writes batches, also on a disk that is full or failing. RL-66, RL-82, RL-84. */
export class CarefulWriter {
  readonly #config: WriterConfig;
  readonly #crypto: CryptoProvider;
  readonly #reserve: Reserve;
  readonly #now: () => number;
  #open: { readonly database: Database.Database; readonly writer: BatchWriter } | undefined;
  /** True when nothing new fits. */
  #isFull = false;
  /** True while the reserve is released and not back. */
  #isSpent = false;
  /** True when what the write-ahead log holds may not be on the disk. */
  #isDoubtful = false;
  #restoredAt = Number.NEGATIVE_INFINITY;

  /** @param now gives monotonic milliseconds */
  constructor(config: WriterConfig, crypto: CryptoProvider, now: () => number) {
    const { directory, reserveBytes } = config.database;
    this.#config = config;
    this.#crypto = crypto;
    this.#now = now;
    this.#reserve = new Reserve(directory, reserveBytes);
  }

  /** Opens the database for the first time. @returns the trouble that storage is in; throws SqliteError. RL-85. */
  start(): StorageFailure | undefined {
    this.#opened();
    this.#isSpent = this.#reserve.heldBytes === 0 && !this.#reserve.grow(RESERVE_STEP_BYTES);
    this.#isFull = this.#isSpent;
    return this.#isSpent ? SPENT : undefined;
  }

  close(): void {
    const { database } = this.#open ?? {};
    this.#open = undefined;
    database?.close();
  }

  /** Writes a batch and returns when it is durable. Throws StorageError after undoing all of it. */
  write(batch: Batch): Written {
    try {
      const { database, writer } = this.#opened();
      this.#settleDoubt(database);
      return isRemoval(batch) ? this.#remove(batch, writer, database) : this.#add(batch, writer, database);
    } catch (error) {
      const failure = error instanceof StorageError ? error.failure : classify(error);
      if (failure.kind === 'input-output') this.#isDoubtful = true;
      if (needsReopen(failure)) this.close();
      throw new StorageError(failure);
    }
  }

  #opened(): { readonly database: Database.Database; readonly writer: BatchWriter } {
    if (this.#open !== undefined) return this.#open;
    const database = openForWriting(this.#config.database);
    this.#open = { database, writer: new BatchWriter(database, this.#config.quotas, this.#crypto) };
    return this.#open;
  }

  /**
   * After an error of input or output the kernel may count lost pages of the log as written. Copying the log to the
   * database and syncing that makes durable what was acknowledged, whatever became of the log. RL-84.
   */
  #settleDoubt(database: Database.Database): void {
    if (!this.#isDoubtful) return;
    checkpoint(database, 'TRUNCATE');
    this.#isDoubtful = false;
  }

  #add(batch: Batch, writer: BatchWriter, database: Database.Database): Written {
    if (this.#isSpent && growsStore(batch) && !this.#hasRoomAgain(database)) throw new StorageError(SPENT);
    const written = this.#isFull ? writer.write(batch) : this.#writeTwice(batch, writer, database);
    if (written.hasChanged && growsStore(batch)) this.#isFull = false;
    return { result: written.result, isSound: written.hasChanged && !this.#isFull };
  }

  /** A log that cannot grow is copied to the database once, and used again from its start. */
  #writeTwice(batch: Batch, writer: BatchWriter, database: Database.Database) {
    try {
      return writer.write(batch);
    } catch (error) {
      if (classify(error).kind !== 'full') throw error;
      this.#isFull = true;
      tryCheckpoint(database);
      return writer.write(batch);
    }
  }

  /** Removes envelopes, with the reserve when nothing else is left, and takes the reserve back afterwards. RL-82. */
  #remove(batch: Batch, writer: BatchWriter, database: Database.Database): Written {
    const { result, hasChanged } = this.#writeWithReserve(batch, writer, database);
    const isTight = this.#isFull || this.#isSpent;
    // The log keeps its size, so it needs no more of the disk than it has.
    if (isTight) tryCheckpoint(database);
    const isBack = this.#reserve.grow(RESERVE_STEP_BYTES) || this.#reserve.heldBytes > 0;
    if (isBack) this.#isSpent = false;
    if (isTight) this.#isFull = !isBack || roomPages(database) < ROOM_PAGES;
    return { result, isSound: hasChanged && !this.#isFull };
  }

  #writeWithReserve(batch: Batch, writer: BatchWriter, database: Database.Database) {
    try {
      return this.#writeTwice(batch, writer, database);
    } catch (error) {
      if (classify(error).kind !== 'full' || this.#reserve.heldBytes === 0) throw error;
      this.#isSpent = true;
      this.#reserve.release();
      return writer.write(batch);
    }
  }

  /** True when the reserve is back, or when removal has freed pages inside the database. */
  #hasRoomAgain(database: Database.Database): boolean {
    const now = this.#now();
    if (now - this.#restoredAt >= RESTORE_MS) {
      this.#restoredAt = now;
      if (this.#reserve.grow(RESERVE_STEP_BYTES)) this.#isSpent = false;
    }
    return !this.#isSpent || freePages(database) >= ROOM_PAGES;
  }
}

function isRemoval({ commands }: Batch): boolean {
  return commands.every((command) => command?.kind === 'sweep');
}

/** True for a batch that may need pages which the database does not have. */
function growsStore({ commands }: Batch): boolean {
  return commands.some(
    (command) =>
      command === null ||
      command.kind === 'mailbox-put' ||
      (command.kind === 'authorize' && command.enrolment !== undefined),
  );
}
