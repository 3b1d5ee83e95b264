import { createRequire } from 'node:module';

// As ES modules, drizzle costs 90 MB and more than a second: Node reads its manifest of 180 KB once per module.
const require = createRequire(import.meta.url);

/** The operators of queries. */
export const { asc, eq } = require('drizzle-orm') as typeof import('drizzle-orm');
/** The columns and indexes of schema.ts. */
export const { blob, index, integer, primaryKey, sqliteTable, text, uniqueIndex } =
  require('drizzle-orm/sqlite-core') as typeof import('drizzle-orm/sqlite-core');
/** Wraps a connection of better-sqlite3. */
export const { drizzle } = require('drizzle-orm/better-sqlite3') as typeof import('drizzle-orm/better-sqlite3');
/** Applies relay/migrations. */
export const { migrate } =
  require('drizzle-orm/better-sqlite3/migrator') as typeof import('drizzle-orm/better-sqlite3/migrator');
