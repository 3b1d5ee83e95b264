/**
 * The part of better-sqlite3 that the stores call, declared here so that apps compile without that package's types, which
 * are optional as the package is.
 */
export interface Database {
  readonly open: boolean;
  prepare<Values extends unknown[] = unknown[], Row = unknown>(sql: string): Statement<Values, Row>;
  exec(sql: string): unknown;
  /** Runs a pragma; `simple` gives the first column of the first row. */
  pragma(text: string, options?: { readonly simple?: boolean }): unknown;
  /** A function that runs `work` in a transaction, or in a savepoint of the one that is open. */
  transaction<Args extends unknown[], Value>(work: (...args: Args) => Value): Transaction<Args, Value>;
  close(): unknown;
}

/** A prepared statement. */
export interface Statement<Values extends unknown[] = unknown[], Row = unknown> {
  /** Gives the first column alone from now on. */
  pluck(): this;
  get(...values: Values): Row | undefined;
  all(...values: Values): Row[];
  run(...values: Values): { readonly changes: number; readonly lastInsertRowid: number | bigint };
}

/** A function that runs in a transaction. */
export interface Transaction<Args extends unknown[], Value> {
  (...args: Args): Value;
  /** Takes the exclusive lock at the beginning. */
  exclusive(...args: Args): Value;
}

/** An error of SQLite with its code by name, such as SQLITE_BUSY. */
export interface SqliteError extends Error {
  readonly code: string;
}

/** A library with a SQLite. */
export interface SqliteLibrary {
  new (path: string, options?: { readonly timeout?: number }): Database;
  readonly SqliteError: new (...args: never[]) => SqliteError;
}
