import type { SQLiteTable } from 'drizzle-orm/sqlite-core';

type ColumnsOf<Table extends SQLiteTable> = Table['_']['columns'][keyof Table['_']['columns']];

/** A row of a table of schema.ts as SQLite gives it to a hand-written statement: by the names of its columns. */
export type RowOf<Table extends SQLiteTable> = {
  readonly [Column in ColumnsOf<Table> as Column['_']['name']]:
    | Column['_']['data']
    | (Column['_']['notNull'] extends true ? never : null);
};
