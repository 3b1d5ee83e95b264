import type Database from 'better-sqlite3';
import { StorageError } from '../port.ts';

/**
 * Copies the write-ahead log to the database and syncs it. RESTART makes the next transaction use the log from its
 * start, TRUNCATE empties the file. Throws SqliteError, or StorageError when a reader is in the way.
 */
export function checkpoint(database: Database.Database, mode: 'RESTART' | 'TRUNCATE'): void {
  const [outcome] = database.pragma(`wal_checkpoint(${mode})`) as [{ busy: number } | undefined];
  if (outcome?.busy === 0) return;
  throw new StorageError({ kind: 'locked', message: 'the write-ahead log is in use and cannot be copied' });
}

/** Makes the next transaction use the write-ahead log from its start, where the disk allows it. */
export function tryCheckpoint(database: Database.Database): void {
  try {
    checkpoint(database, 'RESTART');
  } catch {
    // The log grows further, and what needs it tells whether it can.
  }
}

/** Returns the pages of the database that hold nothing. */
export function freePages(database: Database.Database): number {
  return numberOf(database, 'freelist_count');
}

/** Returns the pages that the database may still use, as far as storage.database_bytes_max says. */
export function roomPages(database: Database.Database): number {
  return numberOf(database, 'max_page_count') - numberOf(database, 'page_count') + freePages(database);
}

function numberOf(database: Database.Database, pragma: string): number {
  return Number(database.pragma(pragma, { simple: true }));
}
