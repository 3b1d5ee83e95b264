import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';

/** A row of the relay's log, as SQLite has it. */
export interface StoredEnvelope {
  readonly cursor: number;
  /** 32 bytes, another one in every group. */
  readonly deviceKey: Uint8Array;
  readonly sequence: number;
  /** H, 32 bytes: the only name that the relay has for an envelope. EN-13. */
  readonly hash: Uint8Array;
  readonly ciphertext: Uint8Array;
}

/** The rows of a relay's database. */
export interface RelayContents {
  readonly file: string;
  readonly groups: number;
  readonly devices: number;
  readonly invites: number;
  readonly envelopes: readonly StoredEnvelope[];
}

const ENVELOPES = `
  SELECT envelopes.cursor, devices.device_key AS deviceKey, envelopes.sequence, envelopes.hash, envelopes.ciphertext
  FROM envelopes JOIN devices ON devices.id = envelopes.device_row
  ORDER BY envelopes.group_row, envelopes.cursor`;

function databaseFile(directory: string): string {
  const found = readdirSync(directory).find((name) => /\.(db|sqlite3?)$/.test(name));
  if (found === undefined) throw new Error(`there is no database in ${directory}`);
  return join(directory, found);
}

/** Reads the database of a relay that is not running. */
export function readContents(directory: string): RelayContents {
  const file = databaseFile(directory);
  const database = new Database(file, { readonly: true });
  try {
    const count = (table: string) => Number(database.prepare(`SELECT count(*) FROM "${table}"`).pluck().get());
    const envelopes = database.prepare<[], StoredEnvelope>(ENVELOPES).all();
    return { file, groups: count('groups'), devices: count('devices'), invites: count('invites'), envelopes };
  } finally {
    database.close();
  }
}
