import { statSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { OperatorFailure } from '../operator/failure.ts';
import { DATABASE_FILE } from './database.ts';

/**
 * Refuses to begin anew beside a known key: a missing mount looks like a first start, too. RL-86.
 * Throws OperatorFailure.
 */
export function refuseBeginning(directory: string): void {
  const file = join(directory, DATABASE_FILE);
  if (holdsTables(file)) return;
  throw new OperatorFailure(
    `${directory} has the key of a relay, and its database ${DATABASE_FILE} is missing or empty`,
    'restore the database from a backup; if it is gone for good, start with storage.begin_anew = true: devices push again what they still have',
  );
}

/** True for a database with tables, and for a file that cannot be read: opening it tells the reason. */
function holdsTables(file: string): boolean {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size === 0) return false;
  try {
    const database = new Database(file, { readonly: true, fileMustExist: true });
    try {
      return database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'groups'").get() !== undefined;
    } finally {
      database.close();
    }
  } catch {
    return true;
  }
}
