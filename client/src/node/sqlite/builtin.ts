import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { SqliteLibrary } from './sqlite.ts';

/** The library of `node:sqlite`. */
type Builtin = typeof import('node:sqlite');

/** Names of the codes that SqliteStore tells apart, by SQLite's number (sqlite3.h). */
const CODES: Readonly<Record<number, string>> = { 5: 'SQLITE_BUSY', 6: 'SQLITE_LOCKED', 13: 'SQLITE_FULL' };

/** An error of SQLite with its code by name, as better-sqlite3 has it. */
class BuiltinError extends Error {
  override readonly name = 'SqliteError';
  readonly code: string;

  constructor(cause: Error & { readonly errcode: number }) {
    super(cause.message, { cause });
    this.code = CODES[cause.errcode & 0xff] ?? `SQLITE_${cause.errcode}`;
  }
}

/** Runs a call of `node:sqlite`, whose errors become those of better-sqlite3. */
function translate<Value>(call: () => Value): Value {
  try {
    return call();
  } catch (error) {
    throw error instanceof Error && 'errcode' in error ? new BuiltinError(error as never) : error;
  }
}

/** A statement with the methods of better-sqlite3 that SqliteStore calls. */
class BuiltinStatement {
  readonly #statement: StatementSync;
  #isPlucked = false;

  constructor(statement: StatementSync) {
    this.#statement = statement;
  }

  /** Gives the first column alone from now on. */
  pluck(): this {
    this.#isPlucked = true;
    return this;
  }

  get(...values: SQLInputValue[]): unknown {
    return this.#shape(translate(() => this.#statement.get(...values)));
  }

  all(...values: SQLInputValue[]): unknown[] {
    return translate(() => this.#statement.all(...values)).map((row) => this.#shape(row));
  }

  run(...values: SQLInputValue[]): unknown {
    return translate(() => this.#statement.run(...values));
  }

  #shape(row: object | undefined): unknown {
    return this.#isPlucked && row !== undefined ? Object.values(row)[0] : row;
  }
}

/** A database with the methods of better-sqlite3 that SqliteStore calls. */
class BuiltinDatabase {
  readonly #database: DatabaseSync;
  open = true;
  #depth = 0;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  prepare(sql: string): BuiltinStatement {
    return new BuiltinStatement(translate(() => this.#database.prepare(sql)));
  }

  exec(sql: string): this {
    translate(() => this.#database.exec(sql));
    return this;
  }

  /** Runs a pragma; `simple` gives the first column of the first row. */
  pragma(text: string, { simple = false }: { readonly simple?: boolean } = {}): unknown {
    const statement = this.prepare(`PRAGMA ${text}`);
    return simple ? statement.pluck().get() : statement.all();
  }

  /** A function that runs `work` in a transaction, or in a savepoint of the one that is open. */
  transaction<Args extends unknown[], Value>(work: (...args: Args) => Value) {
    const run = (begin: string) => {
      return (...args: Args) => this.#transact(begin, () => work(...args));
    };
    return Object.assign(run('BEGIN'), { exclusive: run('BEGIN EXCLUSIVE'), immediate: run('BEGIN IMMEDIATE') });
  }

  close(): this {
    if (this.open) translate(() => this.#database.close());
    this.open = false;
    return this;
  }

  #transact<Value>(begin: string, work: () => Value): Value {
    const isNested = this.#depth > 0;
    this.exec(isNested ? 'SAVEPOINT inner_transaction' : begin);
    this.#depth += 1;
    try {
      const value = work();
      this.exec(isNested ? 'RELEASE inner_transaction' : 'COMMIT');
      return value;
    } catch (error) {
      this.#rollBack(isNested);
      throw error;
    } finally {
      this.#depth -= 1;
    }
  }

  /** SQLite may have rolled back already, as it does on a full disk. */
  #rollBack(isNested: boolean): void {
    try {
      this.#database.exec(isNested ? 'ROLLBACK TO inner_transaction; RELEASE inner_transaction' : 'ROLLBACK');
    } catch {}
  }
}

/** The SQLite of the runtime, with the part of better-sqlite3's interface that the library calls. */
export function adaptBuiltin({ DatabaseSync }: Builtin): SqliteLibrary {
  const open = function BuiltinSqlite(path: string) {
    return new BuiltinDatabase(translate(() => new DatabaseSync(path)));
  };
  return Object.assign(open, { SqliteError: BuiltinError }) as unknown as SqliteLibrary;
}
