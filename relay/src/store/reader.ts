import { timingSafeEqual } from 'node:crypto';
import type { Envelope } from '@0k-sync/generated/wire/envelope';
import type Database from 'better-sqlite3';
import { type DatabaseConfig, openForReading } from './database.ts';
import { asc, drizzle, eq } from './drizzle.ts';
import { causeOf, classify, needsReopen } from './failures.ts';
import {
  type ClaimQuery,
  type DeviceQuery,
  type DeviceRecords,
  type GroupRow,
  type OpenedSession,
  type PlaceQuery,
  StorageError,
  type StorageFailure,
  type Stretch,
  type StretchQuery,
} from './port.ts';
import type { RowOf } from './rows.ts';
import { devices, type envelopes, type groups, invites, relayMetadata } from './schema.ts';

type Groups = RowOf<typeof groups>;
type Envelopes = RowOf<typeof envelopes>;
/** An enrolled device, and the stub of its head: of the envelope, or the one that is kept without it. */
type DeviceRecord = Pick<RowOf<typeof devices>, 'id' | 'group_row'> &
  Pick<Groups, 'epoch' | 'head' | 'floor'> & { readonly [Part in keyof StubRecord]: StubRecord[Part] | null };
type StubRecord = Pick<Envelopes, 'header' | 'body_hash' | 'signature'>;

/** cursor, received_at_ms, header, nonce, ciphertext, signature, as an array, which is cheaper than an object. */
type EnvelopeRecord = [number, number, Buffer, Buffer, Buffer, Buffer];

type ReadStatements = ReturnType<typeof prepareReads>;

/** Prepares the statements of the hot path, written out; drizzle reads the rest. */
function prepareReads(database: Database.Database) {
  const prepare = <Bound extends unknown[], Row = never>(sql: string) => database.prepare<Bound, Row>(sql);
  return {
    begin: prepare<[]>('BEGIN'),
    commit: prepare<[]>('COMMIT'),
    group: prepare<[GroupRow], Pick<Groups, 'head' | 'floor' | 'devices_version'>>(
      'SELECT head, floor, devices_version FROM groups WHERE id = ?',
    ),
    device: prepare<[groupId: Uint8Array, deviceKey: Uint8Array], DeviceRecord>(
      `SELECT groups.id AS group_row, devices.id, groups.epoch, head, floor, coalesce(header, head_header) AS header,
      coalesce(body_hash, head_body_hash) AS body_hash, coalesce(signature, head_signature) AS signature
      FROM groups JOIN devices ON devices.group_row = groups.id JOIN cursors ON cursors.device_row = devices.id
      LEFT JOIN envelopes ON envelopes.device_row = devices.id AND sequence = head_sequence
      WHERE group_id = ? AND device_key = ?`,
    ),
    hash: prepare<[GroupRow, cursor: number, expiredUntilMs: number], Pick<Envelopes, 'hash'>>(
      'SELECT hash FROM envelopes WHERE group_row = ? AND cursor = ? AND received_at_ms > ?',
    ),
    receivedAt: prepare<[GroupRow, cursor: number], Pick<Envelopes, 'received_at_ms'>>(
      'SELECT received_at_ms FROM envelopes WHERE group_row = ? AND cursor = ?',
    ),
    costs: prepare<[GroupRow, above: number, limit: number], number>(
      `SELECT length(header) + length(nonce) + length(ciphertext) + length(signature) FROM envelopes
      WHERE group_row = ? AND cursor > ? ORDER BY cursor LIMIT ?`,
    ).pluck(true),
    stretch: prepare<[GroupRow, above: number, limit: number], EnvelopeRecord>(
      `SELECT cursor, received_at_ms, header, nonce, ciphertext, signature FROM envelopes
      WHERE group_row = ? AND cursor > ? ORDER BY cursor LIMIT ?`,
    ).raw(true),
  };
}

/** An open database: prepared statements, and drizzle on the same connection. */
interface OpenReads {
  readonly database: Database.Database;
  readonly statements: ReadStatements;
  readonly tables: ReturnType<typeof drizzle>;
}

/** The event loop's connection, which only reads. Every read is bounded in items and bytes. */
export class Reader {
  readonly #config: DatabaseConfig;
  readonly #failed: (failure: StorageFailure) => void;
  #reads: OpenReads | undefined;

  /** @param failed is told of every read that storage refuses. RL-85 */
  constructor(config: DatabaseConfig, failed: (failure: StorageFailure) => void) {
    this.#config = config;
    this.#failed = failed;
  }

  /** The reason why the last read was refused, until one succeeds; damage stays. RL-85. */
  failure: StorageFailure | undefined;

  /**
   * Compares a place's H with the stored one; a removed or expired envelope matches any, none above the head does.
   * RL-42.
   */
  continues({ group, after, hash, expiredUntilMs }: PlaceQuery): boolean {
    if (after === 0) return true;
    return this.#read(({ statements }) => {
      if (after > readGroup(statements, group).head) return false;
      const stored = statements.hash.get(group, after, expiredUntilMs);
      if (stored === undefined) return true;
      return stored.hash.length === hash.length && timingSafeEqual(stored.hash, hash);
    });
  }

  /** Reads a stretch; an `after` above the head gives an empty one. RL-40, RL-41, RL-47. */
  readStretch(query: StretchQuery): Stretch {
    return this.#read(({ statements }) => {
      const { head, floor } = readGroup(statements, query.group);
      const after = query.after;
      const kept = Math.max(after, Math.min(floor, head));
      const removedThrough = Math.max(kept, expiredThrough(statements, query, kept, head));
      const envelopes = takeEnvelopes(statements, query, removedThrough);
      return { after, removedThrough, envelopes, next: removedThrough + envelopes.length, head: Math.max(head, after) };
    });
  }

  /** Reads a group's member records in the order enrolled. */
  listDevices(group: GroupRow): DeviceRecords {
    return this.#read(({ statements, tables }) => {
      const { recordBody: body, deviceSignature, authSignature } = devices;
      const rows = tables
        .select({ body, deviceSignature, authSignature })
        .from(devices)
        .where(eq(devices.groupRow, group))
        .orderBy(asc(devices.id))
        .all();
      return { version: readGroup(statements, group).devices_version, records: rows };
    });
  }

  /** RL-66. */
  findDevice({ groupId, deviceKey }: DeviceQuery): OpenedSession | undefined {
    return this.#read(({ statements }) => {
      const device = statements.device.get(groupId, deviceKey);
      if (device === undefined) return undefined;
      const { group_row: group, id, epoch, head, floor, header, body_hash: bodyHash, signature } = device;
      const hasHead = header !== null && bodyHash !== null && signature !== null;
      const ownHead = hasHead ? { header, bodyHash, signature } : undefined;
      return { group, device: id, epoch, head, floor, ownHead, created: false };
    });
  }

  /** PA-18. */
  answersClaim({ mailboxId, claimToken, nowMs }: ClaimQuery): boolean {
    return this.#read(({ tables }) => {
      const isIt = eq(invites.mailboxId, Buffer.from(mailboxId));
      const { expiresAtMs, claimToken: token } = invites;
      const mailbox = tables.select({ expiresAtMs, token }).from(invites).where(isIt).get();
      if (mailbox === undefined || mailbox.expiresAtMs <= nowMs) return false;
      const holder = mailbox.token;
      return holder === null || (holder.length === claimToken.length && timingSafeEqual(holder, claimToken));
    });
  }

  /** Reads a fact of relay_metadata; undefined if it was never stored. */
  metadata(name: string): number | undefined {
    return this.#read(
      ({ tables }) => tables.select().from(relayMetadata).where(eq(relayMetadata.name, name)).get()?.value,
    );
  }

  close(): void {
    this.#reads?.database.close();
    this.#reads = undefined;
  }

  /** Reads in one consistent view. Throws StorageError; the next read may open a new connection. */
  #read<T>(act: (reads: OpenReads) => T): T {
    try {
      const reads = this.#open();
      reads.statements.begin.run();
      try {
        const found = act(reads);
        if (this.failure?.kind !== 'corrupt') this.failure = undefined;
        return found;
      } finally {
        if (reads.database.inTransaction) reads.statements.commit.run();
      }
    } catch (error) {
      const failure = classify(causeOf(error));
      if (needsReopen(failure)) this.close();
      this.failure = failure;
      this.#failed(failure);
      throw new StorageError(failure);
    }
  }

  #open(): OpenReads {
    if (this.#reads !== undefined) return this.#reads;
    const database = openForReading(this.#config);
    try {
      this.#reads = { database, statements: prepareReads(database), tables: drizzle(database) };
      return this.#reads;
    } catch (error) {
      database.close();
      throw error;
    }
  }
}

function readGroup(statements: ReadStatements, group: GroupRow): Pick<Groups, 'head' | 'floor' | 'devices_version'> {
  return statements.group.get(group) ?? { head: 0, floor: 0, devices_version: 0 };
}

/**
 * Finds the highest expired cursor above `low`, or `low`, by halving: within a group received_at_ms never falls and no
 * cursor above the floor is missing.
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
  const row = statements.receivedAt.get(group, cursor);
  return row !== undefined && row.received_at_ms <= expiredUntilMs;
}

function takeEnvelopes(statements: ReadStatements, query: StretchQuery, above: number): Envelope[] {
  const rows = statements.stretch.all(query.group, above, countFitting(statements, query, above));
  return rows.map(([cursor, receivedAtMs, header, nonce, ciphertext, signature]) => ({
    header,
    nonce,
    ciphertext,
    signature,
    cursor: BigInt(cursor),
    receivedAtMs: BigInt(receivedAtMs),
  }));
}

/** Counts the envelopes that fit; at least one. A length is read without the pages that hold the bytes. */
function countFitting(statements: ReadStatements, query: StretchQuery, above: number): number {
  let [count, bytes] = [0, 0];
  for (const cost of statements.costs.iterate(query.group, above, query.itemsMax)) {
    bytes += cost;
    if (count > 0 && bytes > query.bytesMax) break;
    count += 1;
  }
  return count;
}
