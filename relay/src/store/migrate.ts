import { fileURLToPath } from 'node:url';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import { migrate } from 'drizzle-orm/better-sqlite3/migrator';
import { type DatabaseSettings, openForWriting } from './database.ts';
import { classify } from './failures.ts';
import type { StorageFailure } from './port.ts';

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
