import { abortable } from '../async/abortable.ts';
import { Serial } from '../async/serial.ts';
import { SyncError } from '../error.ts';
import type { CursorTarget } from './process-target.ts';

/** The part of a SQLite database that a target uses: `better-sqlite3` and `node:sqlite` both have it. */
export interface SqliteDatabase {
  exec(sql: string): unknown;
  prepare(sql: string): {
    get(...values: never[]): unknown;
    run(...values: never[]): unknown;
  };
}

const CURSORS = `CREATE TABLE IF NOT EXISTS zerok_sync_cursor (name TEXT PRIMARY KEY, position INTEGER NOT NULL) WITHOUT ROWID`;

/** The queues of databases, so that two targets of one connection never mix their transactions. */
const serials = new WeakMap<object, Serial>();

/**
 * Makes the app's own SQLite database a target of `log.process`: handlers run between BEGIN IMMEDIATE and COMMIT on the
 * app's connection, one after the other, and the cursor stands in its table `zerok_sync_cursor`. Until a handler is done, the
 * app must not begin a transaction on this connection, and what it writes there belongs to the handler's transaction.
 */
export function sqliteTarget<Database extends SqliteDatabase>(database: Database): CursorTarget<Database> {
  return new SqliteTarget(database, database);
}

/** A target of a SQLite connection, whose handlers get `tx`. */
export class SqliteTarget<Tx> implements CursorTarget<Tx> {
  readonly #database: SqliteDatabase;
  readonly #tx: Tx;
  readonly #serial: Serial;

  constructor(database: SqliteDatabase, tx: Tx) {
    this.#database = database;
    this.#tx = tx;
    this.#serial = serials.get(database) ?? new Serial();
    serials.set(database, this.#serial);
  }

  /** Runs work behind the transactions that are open. */
  exclusively<Value>(work: () => Value | Promise<Value>): Promise<Value> {
    return this.#serial.run(async () => await work());
  }

  position(name: string): Promise<number> {
    return this.exclusively(() => this.#positionOf(name));
  }

  async transaction(
    name: string,
    position: number,
    work: (tx: Tx) => Promise<void>,
    signal?: AbortSignal,
  ): Promise<void> {
    await this.exclusively(async () => {
      signal?.throwIfAborted();
      this.#database.exec(CURSORS);
      this.#database.exec('BEGIN IMMEDIATE');
      try {
        const present = this.#positionOf(name);
        if (present >= position) throw movedError(present);
        await abortable(work(this.#tx), signal);
        if (!this.#isInTransaction()) throw endedError();
        this.#put(name, position);
        this.#database.exec('COMMIT');
      } catch (error) {
        this.#rollBack();
        throw error;
      }
    });
  }

  moveCursor(name: string, position: number): Promise<void> {
    return this.exclusively(() => {
      this.#database.exec(CURSORS);
      this.#put(name, position);
    });
  }

  removeCursor(name: string): Promise<void> {
    return this.exclusively(() => {
      this.#database.exec(CURSORS);
      this.#database.prepare('DELETE FROM zerok_sync_cursor WHERE name = ?').run(name as never);
    });
  }

  #positionOf(name: string): number {
    const hasTable = this.#database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'zerok_sync_cursor'").get();
    if (hasTable === undefined) return 0;
    const find = this.#database.prepare('SELECT position FROM zerok_sync_cursor WHERE name = ?');
    return Number((find.get(name as never) as { readonly position: number } | undefined)?.position ?? 0);
  }

  #put(name: string, position: number): void {
    const put = this.#database.prepare('REPLACE INTO zerok_sync_cursor (name, position) VALUES (?, ?)');
    put.run(name as never, position as never);
  }

  /** A failed statement may have ended the transaction already, as a full disk does. */
  #rollBack(): void {
    if (this.#isInTransaction()) this.#database.exec('ROLLBACK');
  }

  /** The two packages name this differently, and older ones not at all: a transaction cannot begin within another. */
  #isInTransaction(): boolean {
    try {
      this.#database.exec('BEGIN');
    } catch {
      return true;
    }
    this.#database.exec('ROLLBACK');
    return false;
  }
}

function movedError(position: number): SyncError {
  return new SyncError('argument', `The cursor is at ${position} already: another process has moved it.`, {
    hint: 'Call log.process() in one place at a time; the next call goes on from there.',
  });
}

function endedError(): SyncError {
  return new SyncError('argument', 'The handler of log.process() has ended the transaction itself.', {
    hint: 'Leave COMMIT and ROLLBACK to log.process(); throw an error to undo what the handler did.',
  });
}
