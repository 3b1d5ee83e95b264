import type { CursorTarget } from './process-target.ts';

/** A value that SQLite stores. */
export type SqlValue = string | number | bigint | Uint8Array | null;

/** A row by its columns. Bytes come as Uint8Array. */
export type SqlRow = Readonly<Record<string, SqlValue>>;

/** Statements of one transaction. They run at once, in their order; after the transaction they throw. */
export interface AppTransaction {
  /** Returns every row of a query. */
  all<Row = SqlRow>(sql: string, ...values: readonly SqlValue[]): Row[];
  /** Returns the first row of a query; undefined without one. */
  get<Row = SqlRow>(sql: string, ...values: readonly SqlValue[]): Row | undefined;
  /** Runs one statement that gives no rows. Returns the number of rows that it changed. */
  run(sql: string, ...values: readonly SqlValue[]): number;
}

/**
 * The app's own tables, in a SQLite file of the library beside its data. `log.process` writes to them and moves its cursor in
 * one transaction. Names that begin with `zerok_sync` are the library's.
 */
export interface AppTables extends CursorTarget<AppTransaction> {
  /** Resolves with every row of a query, as the last finished transaction left it. */
  all<Row = SqlRow>(sql: string, ...values: readonly SqlValue[]): Promise<Row[]>;
  /** Resolves with the first row of a query; undefined without one. */
  get<Row = SqlRow>(sql: string, ...values: readonly SqlValue[]): Promise<Row | undefined>;
  /** Runs one statement in a transaction of its own, behind those that are open. Resolves with the number of changed rows. */
  run(sql: string, ...values: readonly SqlValue[]): Promise<number>;
  /** Ends open transactions, whose changes are lost, and closes the file. Does nothing when it is closed already. */
  close(): Promise<void>;
}
