import { timingSafeEqual } from 'node:crypto';
import type { Envelope } from '@0k-sync/generated/wire/envelope';
import type { MemberRecord } from '@0k-sync/generated/wire/group';
import type Database from 'better-sqlite3';
import { type DatabaseSettings, openForReading } from './database.ts';
import { classify, needsReopen } from './failures.ts';
import {
  type DeviceRecords,
  type GroupRow,
  type PlaceQuery,
  StorageError,
  type Stretch,
  type StretchQuery,
} from './port.ts';

const SQL = {
  begin: 'BEGIN',
  commit: 'COMMIT',
  group: 'SELECT head, floor, devices_version FROM groups WHERE id = ?',
  hash: 'SELECT hash FROM envelopes WHERE group_row = ? AND cursor = ? AND received_at_ms > ?',
  receivedAt: 'SELECT received_at_ms FROM envelopes WHERE group_row = ? AND cursor = ?',
  stretch: `SELECT cursor, received_at_ms, header, nonce, ciphertext, signature FROM envelopes
    WHERE group_row = ? AND cursor > ? ORDER BY cursor LIMIT ?`,
  devices: 'SELECT record_body, device_signature, auth_signature FROM devices WHERE group_row = ? ORDER BY id',
  metadata: 'SELECT value FROM relay_metadata WHERE name = ?',
} as const;

type ReadStatements = { readonly [N in keyof typeof SQL]: Database.Statement<unknown[]> };
type GroupRecord = { head: number; floor: number; devices_version: number };
type EnvelopeRecord = [number, number, Buffer, Buffer, Buffer, Buffer];
type DeviceRecord = { record_body: Buffer; device_signature: Buffer; auth_signature: Buffer };

/** A connection that only reads, for the event loop: every read is bounded in items and bytes. */
export class Reader {
  readonly #settings: DatabaseSettings;
  #database: Database.Database | undefined;
  #statements: ReadStatements | undefined;

  constructor(settings: DatabaseSettings) {
    this.#settings = settings;
  }

  /** RL-42: nothing is said of what was removed or has expired, and nothing lies above the head. */
  continues({ group, after, hash, expiredUntilMs }: PlaceQuery): boolean {
    if (after === 0) return true;
    return this.#read((statements) => {
      if (after > readGroup(statements, group).head) return false;
      const stored = statements.hash.get(group, after, expiredUntilMs) as { hash: Buffer } | undefined;
      if (stored === undefined) return true;
      return stored.hash.length === hash.length && timingSafeEqual(stored.hash, hash);
    });
  }

  /** RL-40, RL-41, RL-47. An `after` above the head gives an empty stretch. */
  readStretch(query: StretchQuery): Stretch {
    return this.#read((statements) => {
      const { head, floor } = readGroup(statements, query.group);
      const after = query.after;
      const kept = Math.max(after, Math.min(floor, head));
      const removedThrough = Math.max(kept, expiredThrough(statements, query, kept, head));
      const envelopes = takeEnvelopes(statements, query, removedThrough);
      return { after, removedThrough, envelopes, next: removedThrough + envelopes.length, head: Math.max(head, after) };
    });
  }

  listDevices(group: GroupRow): DeviceRecords {
    return this.#read((statements) => {
      const { devices_version } = readGroup(statements, group);
      const rows = statements.devices.all(group) as DeviceRecord[];
      return { version: devices_version, records: rows.map(recordOf) };
    });
  }

  /** A fact of relay_metadata. */
  metadata(name: string): number | undefined {
    return this.#read((statements) => (statements.metadata.get(name) as { value: number } | undefined)?.value);
  }

  close(): void {
    this.#database?.close();
    this.#database = undefined;
    this.#statements = undefined;
  }

  /** One consistent view; a failure is a StorageError and the next read starts anew. */
  #read<T>(act: (statements: ReadStatements) => T): T {
    try {
      const statements = this.#open();
      statements.begin.run();
      try {
        return act(statements);
      } finally {
        if (this.#database?.inTransaction) statements.commit.run();
      }
    } catch (error) {
      const failure = classify(error);
      if (needsReopen(failure)) this.close();
      throw new StorageError(failure);
    }
  }

  #open(): ReadStatements {
    if (this.#statements !== undefined) return this.#statements;
    const database = openForReading(this.#settings);
    this.#database = database;
    const statements = Object.fromEntries(
      Object.entries(SQL).map(([name, sql]) => [name, database.prepare(sql)]),
    ) as ReadStatements;
    statements.stretch.raw(true);
    this.#statements = statements;
    return statements;
  }
}

function readGroup(statements: ReadStatements, group: GroupRow): GroupRecord {
  const record = statements.group.get(group) as GroupRecord | undefined;
  return record ?? { head: 0, floor: 0, devices_version: 0 };
}

/**
 * The highest expired cursor above `low`, or `low`. received_at_ms never falls within a group and no cursor above the
 * floor is missing, so that the expired ones are found by halving.
 */
function expiredThrough(statements: ReadStatements, query: StretchQuery, low: number, head: number): number {
  let expired = low;
  let alive = head + 1;
  if (!isExpired(statements, query, low + 1)) return low;
  while (alive - expired > 1) {
    const middle = Math.floor((expired + alive) / 2);
    if (isExpired(statements, query, middle)) expired = middle;
    else alive = middle;
  }
  return expired;
}

function isExpired(statements: ReadStatements, { group, expiredUntilMs }: StretchQuery, cursor: number): boolean {
  const row = statements.receivedAt.get(group, cursor) as { received_at_ms: number } | undefined;
  return row !== undefined && row.received_at_ms <= expiredUntilMs;
}

function takeEnvelopes(statements: ReadStatements, query: StretchQuery, above: number): Envelope[] {
  const envelopes: Envelope[] = [];
  let bytes = 0;
  const rows = statements.stretch.iterate(query.group, above, query.itemsMax) as Iterable<EnvelopeRecord>;
  for (const [cursor, receivedAtMs, header, nonce, ciphertext, signature] of rows) {
    bytes += header.length + nonce.length + ciphertext.length + signature.length;
    if (envelopes.length > 0 && bytes > query.bytesMax) break;
    envelopes.push({
      header,
      nonce,
      ciphertext,
      signature,
      cursor: BigInt(cursor),
      receivedAtMs: BigInt(receivedAtMs),
    });
  }
  return envelopes;
}

function recordOf({ record_body, device_signature, auth_signature }: DeviceRecord): MemberRecord {
  return { body: record_body, deviceSignature: device_signature, authSignature: auth_signature };
}
