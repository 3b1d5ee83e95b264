import { closedError, SyncError } from '../error.ts';
import type { AppTables, AppTransaction, SqlRow, SqlValue } from './app-tables.ts';
import { type SqliteDatabase, SqliteTarget } from './sqlite-target.ts';

/** A SQLite database that gives rows too: better-sqlite3 and `node:sqlite` both do. */
export interface TablesDatabase extends SqliteDatabase {
  prepare(sql: string): {
    get(...values: never[]): unknown;
    all(...values: never[]): unknown;
    run(...values: never[]): unknown;
  };
  close(): unknown;
}

/** The two sides of the app's database. */
export interface TablesConnections {
  /** Has the transactions, one after the other. */
  readonly writing: TablesDatabase;
  /** Sees what finished transactions have left; may be another connection while a transaction is open. */
  readonly reading: TablesDatabase;
  /** Called in a transaction before its handler writes; the returned function is called when the transaction has ended. */
  begin?(): () => void;
  close(): void;
}

/** The statements of an app on one connection; a long-lived app has few, so each stays prepared. */
class Statements implements AppTransaction {
  readonly database: TablesDatabase;
  readonly #prepared = new Map<string, ReturnType<TablesDatabase['prepare']>>();

  constructor(database: TablesDatabase) {
    this.database = database;
  }

  all<Row>(sql: string, ...values: readonly SqlValue[]): Row[] {
    return this.#prepare(sql).all(...(values as never[])) as Row[];
  }

  get<Row>(sql: string, ...values: readonly SqlValue[]): Row | undefined {
    return this.#prepare(sql).get(...(values as never[])) as Row | undefined;
  }

  run(sql: string, ...values: readonly SqlValue[]): number {
    const { changes } = this.#prepare(sql).run(...(values as never[])) as { readonly changes: number | bigint };
    return Number(changes);
  }

  #prepare(sql: string) {
    if (/^\s*(begin|commit|end|rollback|savepoint|release|attach|detach)\b/i.test(sql)) throw transactionError(sql);
    const statement = this.#prepared.get(sql) ?? this.database.prepare(sql);
    this.#prepared.set(sql, statement);
    return statement;
  }
}

/** An opened database: its writing side, which has the transactions, and the statements of the side that is read now. */
class Opened {
  readonly writes: Statements;
  readonly target: SqliteTarget<Statements>;
  readonly connections: TablesConnections;
  #reads: Statements | undefined;

  constructor(connections: TablesConnections) {
    this.connections = connections;
    this.writes = new Statements(connections.writing);
    this.target = new SqliteTarget(connections.writing, this.writes);
  }

  get reads(): Statements {
    const { reading } = this.connections;
    if (this.#reads?.database !== reading) this.#reads = new Statements(reading);
    return this.#reads;
  }
}

/**
 * The app's tables over a SQLite of your choice, connected at the first call. Transactions run one after the other; reads wait
 * for none. Calls reject with what the database throws, and with SyncError kind `closed` after the end.
 */
export class SqlTables implements AppTables {
  readonly #connect: () => TablesConnections;
  readonly #closing = new AbortController();
  #opened: Opened | undefined;

  constructor(connect: () => TablesConnections) {
    this.#connect = connect;
  }

  async all<Row = SqlRow>(sql: string, ...values: readonly SqlValue[]): Promise<Row[]> {
    return this.#open.reads.all<Row>(sql, ...values);
  }

  async get<Row = SqlRow>(sql: string, ...values: readonly SqlValue[]): Promise<Row | undefined> {
    return this.#open.reads.get<Row>(sql, ...values);
  }

  async run(sql: string, ...values: readonly SqlValue[]): Promise<number> {
    const { target, writes } = this.#open;
    return await target.exclusively(() => writes.run(sql, ...values));
  }

  async position(name: string): Promise<number> {
    return await this.#open.target.position(name);
  }

  async transaction(
    name: string,
    position: number,
    work: (tx: AppTransaction) => Promise<void>,
    signal?: AbortSignal,
  ): Promise<void> {
    const { target, connections } = this.#open;
    const closing = this.#closing.signal;
    const ends = signal === undefined ? closing : AbortSignal.any([closing, signal]);
    let end: (() => void) | undefined;
    const begin = (tx: AppTransaction) => {
      end = connections.begin?.();
      return whileOpen(tx, work, ends);
    };
    await target.transaction(name, position, begin, ends).finally(() => end?.());
  }

  async moveCursor(name: string, position: number): Promise<void> {
    await this.#open.target.moveCursor(name, position);
  }

  async removeCursor(name: string): Promise<void> {
    await this.#open.target.removeCursor(name);
  }

  async close(): Promise<void> {
    const opened = this.#opened;
    if (this.#closing.signal.aborted) return;
    this.#closing.abort(closedError());
    await opened?.target.exclusively(() => opened.connections.close());
  }

  get #open(): Opened {
    this.#closing.signal.throwIfAborted();
    this.#opened ??= new Opened(this.#connect());
    return this.#opened;
  }
}

/** Gives the work a transaction that throws once the work is over: a handler that goes on changes nothing any more. */
async function whileOpen(
  tx: AppTransaction,
  work: (tx: AppTransaction) => Promise<void>,
  ends: AbortSignal,
): Promise<void> {
  let isOpen = true;
  const assertOpen = () => {
    if (!isOpen || ends.aborted) throw overError();
  };
  const own: AppTransaction = {
    all: (sql, ...values) => {
      assertOpen();
      return tx.all(sql, ...values);
    },
    get: (sql, ...values) => {
      assertOpen();
      return tx.get(sql, ...values);
    },
    run: (sql, ...values) => {
      assertOpen();
      return tx.run(sql, ...values);
    },
  };
  try {
    await work(own);
  } finally {
    isOpen = false;
  }
}

function overError(): SyncError {
  return new SyncError('argument', 'This transaction is over.', {
    hint: 'Await everything that the handler of log.process() does with its transaction.',
  });
}

function transactionError(sql: string): SyncError {
  const [word = ''] = sql.trim().split(/\s/);
  return new SyncError(
    'argument',
    `${word.toUpperCase()} is not for the app: log.process() begins and ends transactions.`,
    {
      hint: 'Throw an error in the handler to undo what it did.',
    },
  );
}
