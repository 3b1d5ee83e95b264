import { fileURLToPath } from 'node:url';
import { type DatabaseConfig, openForWriting } from './database.ts';
import { drizzle, migrate } from './drizzle.ts';
import { causeOf, classify } from './failures.ts';
import type { StorageFailure } from './port.ts';

const MIGRATIONS = fileURLToPath(new URL('../../migrations', import.meta.url));

/** Makes the database when there is none and brings its schema up to date. @returns what is wrong if that fails */
export function migrateDatabase(config: DatabaseConfig): StorageFailure | undefined {
  try {
    const database = openForWriting(config);
    try {
      migrate(drizzle(database), { migrationsFolder: MIGRATIONS });
    } finally {
      database.close();
    }
    return undefined;
  } catch (error) {
    return classify(causeOf(error));
  }
}
