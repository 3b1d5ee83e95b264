import { fileURLToPath } from 'node:url';
import type Database from 'better-sqlite3';
import { type DatabaseConfig, openForWriting } from './database.ts';
import { drizzle, migrate } from './drizzle.ts';
import { causeOf, classify } from './failures.ts';
import type { StorageFailure } from './port.ts';
import { releaseReserve } from './reserve.ts';

const MIGRATIONS = fileURLToPath(new URL('../../migrations', import.meta.url));

const OUTDATED: StorageFailure = {
  kind: 'outdated',
  message: 'an older version made it, and the hashes of its envelopes mean nothing to this version',
};

/**
 * Creates the database if it is missing, and migrates it. Opening needs a little of the disk: when that is not there, the
 * reserve is released for it. RL-83. @returns the failure, if there is one
 */
export function migrateDatabase(config: DatabaseConfig): StorageFailure | undefined {
  const failure = migrateOnce(config);
  const needsSpace = failure?.kind === 'full' || failure?.kind === 'input-output';
  if (!needsSpace || !releaseReserve(config.directory)) return failure;
  return migrateOnce(config);
}

function migrateOnce(config: DatabaseConfig): StorageFailure | undefined {
  try {
    const database = openForWriting(config);
    try {
      if (isOutdated(database)) return OUTDATED;
      migrate(drizzle(database), { migrationsFolder: MIGRATIONS });
    } finally {
      database.close();
    }
    return undefined;
  } catch (error) {
    return classify(causeOf(error));
  }
}

/** True for a database with envelopes from before stubs: H was another hash. EN-12. */
function isOutdated(database: Database.Database): boolean {
  const hasColumn = database.prepare<[column: string]>("SELECT 1 FROM pragma_table_info('cursors') WHERE name = ?");
  if (hasColumn.get('head_hash') === undefined || hasColumn.get('head_header') !== undefined) return false;
  return database.prepare('SELECT 1 FROM cursors WHERE head_sequence > 0').get() !== undefined;
}
