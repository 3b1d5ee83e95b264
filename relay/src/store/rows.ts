import type { SQLiteTable } from 'drizzle-orm/sqlite-core';

type ColumnsOf<Table extends SQLiteTable> = Table['_']['columns'][keyof Table['_']['columns']];

/** A table's row as a hand-written statement returns it, keyed by the names of its columns. */
export type RowOf<Table extends SQLiteTable> = {
  readonly [Column in ColumnsOf<Table> as Column['_']['name']]:
    | Column['_']['data']
    | (Column['_']['notNull'] extends true ? never : null);
};
