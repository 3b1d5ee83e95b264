import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { type DatabaseSettings, openForWriting } from './database.ts';
import { classify } from './failures.ts';
import type { StorageFailure } from './port.ts';

// Imported as ES modules drizzle costs 200 MB and half a second: Node reads its manifest, 180 KB, once for each of them.
const require = createRequire(import.meta.url);
const { drizzle } = require('drizzle-orm/better-sqlite3') as typeof import('drizzle-orm/better-sqlite3');
const { migrate } =
  require('drizzle-orm/better-sqlite3/migrator') as typeof import('drizzle-orm/better-sqlite3/migrator');

const MIGRATIONS = fileURLToPath(new URL('../../migrations', import.meta.url));

/** Makes the database when there is none and brings its schema up to date. @returns what is wrong if that fails */
export function migrateDatabase(settings: DatabaseSettings): StorageFailure | undefined {
  try {
    const database = openForWriting(settings);
    try {
      migrate(drizzle(database), { migrationsFolder: MIGRATIONS });
    } finally {
      database.close();
    }
    return undefined;
  } catch (error) {
    // drizzle wraps what SQLite says.
    return classify(error instanceof Error && error.cause !== undefined ? error.cause : error);
  }
}
