import { SyncError } from '../../error.ts';
import { LATER_TABLES, TABLES, VERSION } from './schema.ts';
import type { Database } from './sqlite.ts';
import { migrateFrom2 } from './version-2.ts';

/** Databases of earlier versions name envelopes by another H (EN-12): they are refused. */
const OLDEST_VERSION = 2;

/**
 * Makes the tables of an empty database, or brings those of an older one to this version. Call it within a transaction.
 *
 * @throws SyncError kind `store` for a version that this software does not read
 */
export function migrate(database: Database, path: string): void {
  const version = database.pragma('user_version', { simple: true }) as number;
  if (version > 0 && version < OLDEST_VERSION) {
    throw new SyncError('store', `${path} was written by an older version, whose envelopes have other hashes.`, {
      hint: 'Join the group again with a new data directory.',
    });
  }
  if (version > VERSION) {
    throw new SyncError('store', `${path} was written by a newer version of this software.`, {
      hint: 'Update this software.',
    });
  }
  if (version === 0) database.exec(TABLES);
  else if (version < VERSION) migrateFrom2(database);
  database.exec(LATER_TABLES);
  database.pragma(`user_version = ${VERSION}`);
}
