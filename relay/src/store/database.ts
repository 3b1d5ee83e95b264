import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';

/** The database's file in the data directory. */
export const DATABASE_FILE = 'relay.sqlite';
const OWNER_ONLY = 0o700;
const FILE_OWNER_ONLY = 0o600;

/** The settings of the database. */
export interface DatabaseConfig {
  readonly directory: string;
  /** The database's greatest size, bytes; 0 leaves it to the disk. */
  readonly databaseBytesMax: number;
  readonly walAutocheckpointPages: number;
  /** The reserve of disk space, bytes; 0 is none. RL-82. */
  readonly reserveBytes: number;
  readonly lockWaitMs: number;
}

/**
 * Opens the one connection that writes, and creates the file. In WAL mode `synchronous=FULL` syncs the log at every
 * commit. RL-21. Throws SqliteError or the file system's error.
 */
export function openForWriting(config: DatabaseConfig): Database.Database {
  mkdirSync(config.directory, { recursive: true, mode: OWNER_ONLY });
  const file = join(config.directory, DATABASE_FILE);
  const database = new Database(file, { timeout: config.lockWaitMs });
  try {
    chmodSync(file, FILE_OWNER_ONLY);
    // Envelopes of 1 KB would waste a third of smaller pages.
    database.pragma('page_size = 8192');
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = FULL');
    database.pragma('foreign_keys = ON');
    database.pragma(`wal_autocheckpoint = ${config.walAutocheckpointPages}`);
    limitSize(database, config.databaseBytesMax);
  } catch (error) {
    database.close();
    throw error;
  }
  return database;
}

/** Opens a connection that only reads an existing file. Throws SqliteError. */
export function openForReading(config: DatabaseConfig): Database.Database {
  const file = join(config.directory, DATABASE_FILE);
  return new Database(file, { readonly: true, fileMustExist: true, timeout: config.lockWaitMs });
}

function limitSize(database: Database.Database, bytesMax: number): void {
  if (bytesMax === 0) return;
  const pageBytes = Number(database.pragma('page_size', { simple: true }));
  database.pragma(`max_page_count = ${Math.max(1, Math.floor(bytesMax / pageBytes))}`);
}
