import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { OperatorFailure } from '../operator/failure.ts';

const LOCK_FILE = 'relay.lock';
const OWNER_ONLY = 0o600;

/**
 * Locks a data directory against other relays until `release`; the end of the process releases it, too.
 * Throws OperatorFailure.
 */
export function lockDirectory(directory: string): { release(): void } {
  const lock = openLock(directory);
  try {
    lock.pragma('locking_mode = EXCLUSIVE');
    // The transaction begins a database of one page; in memory its journal needs no disk, which may be full. RL-83.
    lock.pragma('journal_mode = MEMORY');
    lock.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    lock.close();
    if (!(cause instanceof Database.SqliteError && cause.code.startsWith('SQLITE_BUSY')))
      throw unusable(directory, cause);
    throw new OperatorFailure(
      `another relay is using the directory ${directory}`,
      'stop the other relay, or set storage.directory to another directory',
      { cause },
    );
  }
  return { release: () => void lock.close() };
}

function openLock(directory: string): Database.Database {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    closeSync(openSync(join(directory, LOCK_FILE), 'a', OWNER_ONLY));
    return new Database(join(directory, LOCK_FILE), { timeout: 0 });
  } catch (cause) {
    throw unusable(directory, cause);
  }
}

function unusable(directory: string, cause: unknown): OperatorFailure {
  return new OperatorFailure(
    `the directory ${directory} cannot be used: ${(cause as Error).message}`,
    'set storage.directory to a directory that this user may write to; check the disk and the limit of open files (ulimit -n)',
    { cause },
  );
}
