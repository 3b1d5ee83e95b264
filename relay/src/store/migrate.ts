import { fileURLToPath } from 'node:url';
import { type DatabaseConfig, openForWriting } from './database.ts';
import { drizzle, migrate } from './drizzle.ts';
import { causeOf, classify } from './failures.ts';
import type { StorageFailure } from './port.ts';

const MIGRATIONS = fileURLToPath(new URL('../../migrations', import.meta.url));

/** Creates the database if it is missing, and migrates it. @returns the failure, if there is one */
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
