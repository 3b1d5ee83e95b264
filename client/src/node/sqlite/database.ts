import { closeSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { SyncError } from '../../error.ts';
import { loadBetterSqlite3 } from '../better-sqlite3.ts';
import { migrate } from './migrate.ts';
import type { Database, SqliteError } from './sqlite.ts';

/**
 * Opens the database of one device and locks it against every other process until it is closed. Creates a missing
 * directory with mode 0700 and a missing file with mode 0600. GR-12, GR-13.
 *
 * @throws SyncError kind `store` when the file is in use, damaged, readable by others, or of a newer version.
 */
export function openDatabase(path: string): Database {
  const Sqlite = loadBetterSqlite3();
  createPrivately(path);
  const database = new Sqlite(path, { timeout: 0 });
  try {
    database.pragma('locking_mode = EXCLUSIVE');
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = FULL');
    // A write transaction takes the exclusive lock now; otherwise the first push would take it.
    database.transaction(() => migrate(database, path)).exclusive();
    return database;
  } catch (error) {
    database.close();
    throw error instanceof Sqlite.SqliteError ? explainSqliteError(error, path) : error;
  }
}

/**
 * Opens a database that several connections use, with the same durability and modes.
 *
 * @throws SyncError kind `store` when the file is damaged or readable by others.
 */
export function openPlainDatabase(path: string): Database {
  const Sqlite = loadBetterSqlite3();
  createPrivately(path);
  const database = new Sqlite(path);
  try {
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = FULL');
    return database;
  } catch (error) {
    database.close();
    throw error instanceof Sqlite.SqliteError ? explainSqliteError(error, path) : error;
  }
}

function createPrivately(path: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    closeSync(openSync(path, 'a', 0o600));
  } catch (error) {
    throw new SyncError('store', `The data directory ${dirname(path)} cannot be used: ${(error as Error).message}.`, {
      hint: 'Choose a directory that this user can write to.',
      cause: error,
    });
  }
  const othersMayRead = process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0;
  if (othersMayRead) {
    throw new SyncError('store', `${path} holds secrets, and other users can read it.`, {
      hint: `Run: chmod 600 ${path}`,
    });
  }
}

function explainSqliteError(error: SqliteError, path: string): SyncError {
  if (error.code.startsWith('SQLITE_BUSY') || error.code.startsWith('SQLITE_LOCKED')) {
    return new SyncError('store', `${path} is in use by another process.`, {
      hint: 'Stop the other process, or give this one its own data directory.',
      cause: error,
    });
  }
  return new SyncError('store', `${path} cannot be opened: ${error.message}.`, {
    hint: 'Restore it from a copy, or join the group again with a new data directory.',
    cause: error,
  });
}
