import { join } from 'node:path';
import Database from 'better-sqlite3';
import { dataDirectory } from './relay-config.ts';

const DATABASE_FILE = 'relay.sqlite';
/** When the last retention sweep ran, by the relay's own record of it. */
const SWEPT = "SELECT value FROM relay_metadata WHERE name = 'retention_clock_ms'";
const COUNTS = `SELECT count(*) AS groups, coalesce(sum(devices), 0) AS devices, coalesce(sum(envelopes), 0) AS envelopes
  FROM groups`;

/** Rows that a relay's database holds. */
export interface StoredCounts {
  readonly groups: number;
  readonly devices: number;
  readonly envelopes: number;
}

/** Counts the rows of a relay's database while the relay runs. */
export function readCounts(directory: string): StoredCounts {
  return read(directory, (database) => database.prepare(COUNTS).get() as StoredCounts);
}

/** Milliseconds since 1970; 0 when none ran. */
export function lastSweepMs(directory: string): number {
  return read(directory, (database) => (database.prepare(SWEPT).get() as { value: number } | undefined)?.value ?? 0);
}

/** Values of the relay's metrics by name. */
export async function readMetrics(adminPort: number): Promise<ReadonlyMap<string, number>> {
  const lines = (await readPage(adminPort, 'metrics'))
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
  );
}

/** A page of the admin port, as text. */
export async function readPage(adminPort: number, page: string): Promise<string> {
  return (await fetch(`http://127.0.0.1:${adminPort}/${page}`)).text();
}

function read<Value>(directory: string, query: (database: Database.Database) => Value): Value {
  const database = new Database(join(dataDirectory(directory), DATABASE_FILE), { readonly: true });
  try {
    return query(database);
  } finally {
    database.close();
  }
}
