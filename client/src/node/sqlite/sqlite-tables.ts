import { closedError, SyncError } from '../../error.ts';
import type { AppTables, AppTransaction, SqlRow, SqlValue } from '../../log/app-tables.ts';
import { SqliteTarget } from '../../log/sqlite-target.ts';
import { openPlainDatabase } from './database.ts';
import type { Database } from './sqlite.ts';

/** The statements of an app on one connection; a long-lived app has few, so each stays prepared. */
class Statements implements AppTransaction {
  readonly #database: Database;
  readonly #prepared = new Map<string, ReturnType<Database['prepare']>>();

  constructor(database: Database) {
    this.#database = database;
  }

  all<Row>(sql: string, ...values: readonly SqlValue[]): Row[] {
    return this.#prepare(sql).all(...values) as Row[];
  }

  get<Row>(sql: string, ...values: readonly SqlValue[]): Row | undefined {
    return this.#prepare(sql).get(...values) as Row | undefined;
  }

  run(sql: string, ...values: readonly SqlValue[]): number {
    return this.#prepare(sql).run(...values).changes;
  }

  #prepare(sql: string) {
    if (/^\s*(begin|commit|end|rollback|savepoint|release|attach|detach)\b/i.test(sql)) throw transactionError(sql);
    const statement = this.#prepared.get(sql) ?? this.#database.prepare(sql);
    this.#prepared.set(sql, statement);
    return statement;
  }
}

/** The open file: transactions on one connection, reads on another. */
class Connections {
  readonly reads: Statements;
  readonly writes: Statements;
  readonly target: SqliteTarget<Statements>;
  readonly #databases: readonly Database[];

  constructor(path: string) {
    const writing = openPlainDatabase(path);
    const reading = openPlainDatabase(path);
    reading.pragma('query_only = ON');
    this.#databases = [reading, writing];
    [this.reads, this.writes] = [new Statements(reading), new Statements(writing)];
    this.target = new SqliteTarget(writing, this.writes);
  }

  close(): void {
    for (const database of this.#databases) database.close();
  }
}

/**
 * The app's tables in a SQLite file of mode 0600, opened at the first call: transactions on one connection, one after the
 * other, and reads on another, which waits for none. Every resolved call survives a kill and a power cut. The file is not
 * locked. Calls reject with SyncError kind `store` when the file is damaged or readable by others, `closed` after the end.
 */
export class SqliteTables implements AppTables {
  readonly #path: string;
  readonly #closing = new AbortController();
  #connections: Connections | undefined;

  constructor(path: string) {
    this.#path = path;
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
    const closing = this.#closing.signal;
    const ends = signal === undefined ? closing : AbortSignal.any([closing, signal]);
    await this.#open.target.transaction(name, position, (tx) => whileOpen(tx, work, ends), ends);
  }

  async moveCursor(name: string, position: number): Promise<void> {
    await this.#open.target.moveCursor(name, position);
  }

  async removeCursor(name: string): Promise<void> {
    await this.#open.target.removeCursor(name);
  }

  async close(): Promise<void> {
    const open = this.#connections;
    if (this.#closing.signal.aborted) return;
    this.#closing.abort(closedError());
    await open?.target.exclusively(() => open.close());
  }

  get #open(): Connections {
    this.#closing.signal.throwIfAborted();
    this.#connections ??= new Connections(this.#path);
    return this.#connections;
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
