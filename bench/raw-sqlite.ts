import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';

const ROW_BYTES = 1024;
const SECONDS = 2;

/** Rows of 1 KB per second that SQLite alone stores durably (WAL, synchronous=FULL) in transactions of `batch` rows. */
export function rawSqliteRowsPerSecond(batch: number): number {
  const directory = mkdtempSync(join(tmpdir(), '0k-sync-bench-'));
  const database = new Database(join(directory, 'raw.db'));
  try {
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = FULL');
    database.pragma('wal_autocheckpoint = 4000');
    database.exec('CREATE TABLE log (id INTEGER PRIMARY KEY, cursor INTEGER, data BLOB, UNIQUE (cursor))');
    const insert = database.prepare('INSERT INTO log (cursor, data) VALUES (?, ?)');
    const row = new Uint8Array(ROW_BYTES).fill(0x5a);
    let rows = 0;
    const store = database.transaction(() => {
      for (let index = 0; index < batch; index++) insert.run(++rows, row);
    });
    const start = performance.now();
    while (performance.now() - start < SECONDS * 1000) store();
    return (rows * 1000) / (performance.now() - start);
  } finally {
    database.close();
    rmSync(directory, { recursive: true });
  }
}
