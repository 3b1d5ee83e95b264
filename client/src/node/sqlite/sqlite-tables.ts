import { SqlTables } from '../../log/sql-tables.ts';
import { openPlainDatabase } from './database.ts';

/**
 * The app's tables in a SQLite file of mode 0600, opened at the first call: transactions on one connection, one after the
 * other, and reads on another, which waits for none. Every resolved call survives a kill and a power cut. The file is not
 * locked. Calls reject with SyncError kind `store` when the file is damaged or readable by others, `closed` after the end.
 */
export class SqliteTables extends SqlTables {
  constructor(path: string) {
    super(() => connect(path));
  }
}

function connect(path: string) {
  const writing = openPlainDatabase(path);
  const reading = openPlainDatabase(path);
  reading.pragma('query_only = ON');
  const close = () => {
    for (const database of [reading, writing]) database.close();
  };
  return { writing, reading, close };
}
