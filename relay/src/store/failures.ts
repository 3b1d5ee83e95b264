import Database from 'better-sqlite3';
import type { StorageFailure } from './port.ts';

/** The kinds of failure by SQLite's primary result codes. RL-66. */
const KINDS: readonly [prefix: string, kind: StorageFailure['kind']][] = [
  ['SQLITE_FULL', 'full'],
  ['SQLITE_BUSY', 'locked'],
  ['SQLITE_LOCKED', 'locked'],
  ['SQLITE_CORRUPT', 'corrupt'],
  ['SQLITE_NOTADB', 'corrupt'],
  ['SQLITE_READONLY', 'readonly'],
  ['SQLITE_CANTOPEN', 'readonly'],
  ['SQLITE_PERM', 'readonly'],
  ['SQLITE_AUTH', 'readonly'],
  ['SQLITE_IOERR', 'input-output'],
];

/** Returns SQLite's error from drizzle's wrapping, or the error itself. */
export function causeOf(error: unknown): unknown {
  return error instanceof Error && error.cause !== undefined ? error.cause : error;
}

/** Converts an error of SQLite, or any other, to a StorageFailure. */
export function classify(error: unknown): StorageFailure {
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof Database.SqliteError)) return { kind: 'defect', message };
  const kind = KINDS.find(([prefix]) => error.code.startsWith(prefix))?.[1] ?? 'defect';
  return { kind, message: `${error.code}: ${message}` };
}

/** True when a fresh connection may work where the old one fails. */
export function needsReopen(failure: StorageFailure): boolean {
  return failure.kind !== 'full' && failure.kind !== 'locked';
}

/** Returns what an operator can do about a failure. */
export function hintFor(kind: StorageFailure['kind']): string {
  switch (kind) {
    case 'full':
      return 'free some space on its disk, or raise storage.database_bytes_max';
    case 'locked':
      return 'end the other program that has the database open';
    case 'corrupt':
      return 'restore the directory from a backup, or move it away: devices push again what they still have';
    case 'readonly':
      return 'give the user that runs the relay the right to write there';
    case 'input-output':
      return 'check the disk';
    case 'overloaded':
      return 'lower the limits of relay.toml or give the relay a faster disk';
    case 'outdated':
      return 'move relay.sqlite away and keep relay.key: devices enrol again and push what they still have';
    case 'defect':
      return 'this is a defect; please report it with the line above';
  }
}

/** Returns the state of storage after a failure, for /ready. RL-85. */
export function describeTrouble(kind: StorageFailure['kind']): string {
  switch (kind) {
    case 'full':
      return 'the disk or the database is full';
    case 'locked':
      return 'another program has the database open';
    case 'corrupt':
      return 'the database is damaged';
    case 'readonly':
      return 'the database cannot be written';
    case 'input-output':
      return 'the disk fails';
    case 'outdated':
    case 'overloaded':
    case 'defect':
      return 'storage refuses writes';
  }
}
