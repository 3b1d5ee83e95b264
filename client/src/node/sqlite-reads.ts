import type { Database } from 'better-sqlite3';
import type { PlacedLogEntry, Snapshot } from '../store/port.ts';
import type {
  HeldEnvelope,
  HoldReason,
  OutboxState,
  QuarantinedEnvelope,
  SequenceSpan,
  StoredChain,
  StoredEvidence,
  StoredExpiry,
  StoredHead,
  StoredLogEntry,
  StoredOutboxEntry,
  StoredSkip,
} from '../store/types.ts';

/** A row as SQLite gives it, by column. */
type Row = { readonly [column: string]: unknown };

/** The prepared queries of the store. */
export type Reads = ReturnType<typeof prepareReads>;

/** Prepares every query of the store. */
export function prepareReads(database: Database) {
  const byHash = database.prepare<[Uint8Array], Row>('SELECT * FROM log WHERE hash = ?');
  const bySequence = database.prepare<[Uint8Array, number], Row>('SELECT * FROM log WHERE sender = ? AND sequence = ?');
  const byMessageId = database.prepare<[Uint8Array, Uint8Array], Row>(
    'SELECT * FROM log WHERE sender = ? AND message_id = ? AND visible = 1 LIMIT 1',
  );
  const unconsumed = database.prepare<[number, number], Row>(
    'SELECT * FROM log WHERE position > ? AND visible = 1 AND sealed_here = 0 ORDER BY position LIMIT ?',
  );
  const placed = database.prepare<[string, number, number], Row>(
    `SELECT log.*, placement.cursor, placement.received_at_ms AS placed_at_ms
     FROM placement JOIN log USING (position)
     WHERE placement.relay = ? AND placement.cursor > ? AND placement.received_at_ms > 0 AND log.visible = 1
     ORDER BY placement.cursor LIMIT ?`,
  );
  const ownAbove = database.prepare<[Uint8Array, number, number], Row>(
    'SELECT * FROM log WHERE sender = ? AND sequence > ? AND own = 1 ORDER BY sequence LIMIT ?',
  );
  const outbox = database.prepare<[number, number], Row>(
    'SELECT * FROM outbox WHERE number > ? ORDER BY number LIMIT ?',
  );
  const outboxEntry = database.prepare<[Uint8Array], Row>('SELECT * FROM outbox WHERE id = ?');
  const inOneView = database.transaction(() => readSnapshot(database));
  return {
    snapshot: (): Snapshot => inOneView(),
    byHash: (hash: Uint8Array) => logEntry(byHash.get(hash)),
    bySequence: (sender: Uint8Array, sequence: number) => logEntry(bySequence.get(sender, sequence)),
    byMessageId: (sender: Uint8Array, messageId: Uint8Array) => logEntry(byMessageId.get(sender, messageId)),
    unconsumed: (position: number, limit: number) => unconsumed.all(position, limit).map(toLogEntry),
    placed: (relay: string, cursor: number, limit: number) => placed.all(relay, cursor, limit).map(toPlacedLogEntry),
    ownAbove: (sender: Uint8Array, sequence: number, limit: number) =>
      ownAbove.all(sender, sequence, limit).map(toLogEntry),
    outbox: (after: number, limit: number) => outbox.all(after, limit).map(toOutboxEntry),
    outboxEntry: (id: Uint8Array) => {
      const row = outboxEntry.get(id);
      return row && toOutboxEntry(row);
    },
    ...prepareLossReads(database),
  };
}

/** Prepares the queries of what failed its checks, and of what is missing. */
function prepareLossReads(database: Database) {
  const quarantined = database.prepare<[number], Row>('SELECT * FROM quarantine ORDER BY number DESC LIMIT ?');
  const quarantinedByHash = database.prepare<[Uint8Array], Row>(
    'SELECT * FROM quarantine WHERE hash = ? ORDER BY number DESC LIMIT 1',
  );
  const quarantinedOf = database.prepare<[Uint8Array], Row>(
    'SELECT * FROM quarantine WHERE sender = ? ORDER BY sequence, number',
  );
  const placedCursors = database
    .prepare<[string, number, number], number>(
      'SELECT cursor FROM placement WHERE relay = ? AND cursor BETWEEN ? AND ? ORDER BY cursor',
    )
    .pluck();
  const skipsOf = database.prepare<[Uint8Array], Row>('SELECT * FROM skip WHERE sender = ? ORDER BY first');
  const holes = database.prepare<[], Row>(
    `SELECT sender, before + 1 AS first, sequence - 1 AS last FROM (
       SELECT sender, sequence, lag(sequence, 1, 0) OVER (PARTITION BY sender ORDER BY sequence) AS before FROM log
     ) WHERE sequence > before + 1 ORDER BY sender, first`,
  );
  const highest = database
    .prepare<[Uint8Array], number | null>('SELECT max(sequence) FROM log WHERE sender = ?')
    .pluck();
  return {
    quarantined: (limit: number) => quarantined.all(limit).map(toQuarantined),
    quarantinedByHash: (hash: Uint8Array) => {
      const row = quarantinedByHash.get(hash);
      return row && toQuarantined(row);
    },
    quarantinedOf: (sender: Uint8Array) => quarantinedOf.all(sender).map(toQuarantined),
    placedCursors: (relay: string, from: number, to: number) => placedCursors.all(relay, from, to),
    skipsOf: (sender: Uint8Array) => skipsOf.all(sender).map(toSkip),
    highestSequence: (sender: Uint8Array) => highest.get(sender) ?? 0,
    holes: () => holes.all().map(toSpan),
    heads: () => readHeads(database),
    expiries: () => readExpiries(database),
  };
}

function readSnapshot(database: Database): Snapshot {
  const all = (query: string) => database.prepare<[], Row>(query).all();
  const value = (query: string) => database.prepare<[], unknown>(query).pluck().get();
  const groupId = value('SELECT group_id FROM membership') as Buffer | undefined;
  const seed = value('SELECT seed FROM identity') as Buffer | undefined;
  return {
    seed: seed && bytes(seed),
    group: groupId && {
      groupId: bytes(groupId),
      epochSecrets: all('SELECT * FROM epoch ORDER BY epoch').map((row) => ({
        epoch: row['epoch'] as number,
        secret: bytes(row['secret']),
      })),
      relays: all('SELECT address FROM relay ORDER BY rank').map((row) => row['address'] as string),
      heads: readHeads(database),
    },
    pins: all('SELECT * FROM pin').map((row) => ({
      address: row['address'] as string,
      ...(row['node_id'] !== null && { nodeId: bytes(row['node_id']) }),
      ...(row['kem_hash'] !== null && { kemHash: bytes(row['kem_hash']) }),
      ...(row['signing_key'] !== null && { signingKey: bytes(row['signing_key']) }),
      fixed: row['fixed'] === 1,
    })),
    progress: all('SELECT * FROM progress').map((row) => ({
      relay: row['relay'] as string,
      cursor: row['cursor'] as number,
      hash: bytes(row['hash']),
      enrolled: row['enrolled'] === 1,
    })),
    members: all('SELECT * FROM member').map((row) => ({
      deviceKey: bytes(row['device_key']),
      record: bytes(row['record']),
      name: row['name'] as string,
    })),
    chains: all('SELECT * FROM chain').map(toChain),
    held: all('SELECT * FROM held ORDER BY held_at_ms, sequence').map(toHeld),
    evidence: all('SELECT * FROM evidence').map(toEvidence),
    expired: readExpiries(database),
    outboxCount: value('SELECT count(*) FROM outbox') as number,
    consumed: (value('SELECT position FROM consumed') as number | undefined) ?? 0,
  };
}

function readHeads(database: Database): StoredHead[] {
  return database.prepare<[], Row>('SELECT * FROM head ORDER BY sender').all().map(toHead);
}

function readExpiries(database: Database): StoredExpiry[] {
  return database.prepare<[], Row>('SELECT * FROM expiry ORDER BY relay, first').all().map(toExpiry);
}

/** A view of the same memory without Buffer's methods. */
function bytes(value: unknown): Uint8Array {
  const { buffer, byteOffset, byteLength } = value as Buffer;
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function logEntry(row: Row | undefined): StoredLogEntry | undefined {
  return row && toLogEntry(row);
}

function toLogEntry(row: Row): StoredLogEntry {
  return {
    position: row['position'] as number,
    sender: bytes(row['sender']),
    sequence: row['sequence'] as number,
    hash: bytes(row['hash']),
    contentType: row['content_type'] as number,
    messageId: bytes(row['message_id']),
    plaintext: bytes(row['plaintext']),
    envelope: bytes(row['envelope']),
    receivedAtMs: row['received_at_ms'] as number,
    own: row['own'] === 1,
    sealedHere: row['sealed_here'] === 1,
    visible: row['visible'] === 1,
  };
}

function toPlacedLogEntry(row: Row): PlacedLogEntry {
  return { ...toLogEntry(row), cursor: row['cursor'] as number, receivedAtMs: row['placed_at_ms'] as number };
}

function toChain(row: Row): StoredChain {
  return { sender: bytes(row['sender']), sequence: row['sequence'] as number, hash: bytes(row['hash']) };
}

function toHead(row: Row): StoredHead {
  return { ...toChain(row), stub: bytes(row['stub']) };
}

function toSpan(row: Row): SequenceSpan {
  return { sender: bytes(row['sender']), from: row['first'] as number, to: row['last'] as number };
}

function toSkip(row: Row): StoredSkip {
  return { ...toSpan(row), named: row['named'] === 1 };
}

function toExpiry(row: Row): StoredExpiry {
  return { relay: row['relay'] as string, from: row['first'] as number, to: row['last'] as number };
}

function toEvidence(row: Row): StoredEvidence {
  return {
    sender: bytes(row['sender']),
    sequence: row['sequence'] as number,
    first: bytes(row['first']),
    second: bytes(row['second']),
  };
}

function toHeld(row: Row): HeldEnvelope {
  return {
    hash: bytes(row['hash']),
    sender: bytes(row['sender']),
    sequence: row['sequence'] as number,
    relay: row['relay'] as string,
    cursor: row['cursor'] as number,
    receivedAtMs: row['received_at_ms'] as number,
    heldAtMs: row['held_at_ms'] as number,
    reason: row['reason'] as HoldReason,
    envelope: bytes(row['envelope']),
  };
}

function toQuarantined(row: Row): QuarantinedEnvelope {
  return {
    relay: row['relay'] as string,
    cursor: row['cursor'] as number,
    rejectClass: row['reject_class'] as string,
    hash: bytes(row['hash']),
    sender: bytes(row['sender']),
    sequence: row['sequence'] as number,
    unsigned: row['unsigned'] === 1,
    envelope: bytes(row['envelope']),
    receivedAtMs: row['received_at_ms'] as number,
    atMs: row['at_ms'] as number,
  };
}

function toOutboxEntry(row: Row): StoredOutboxEntry {
  return {
    number: row['number'] as number,
    id: bytes(row['id']),
    contentType: row['content_type'] as number,
    plaintext: bytes(row['plaintext']),
    state: row['state'] as OutboxState,
    ...(row['sequence'] !== null && { sequence: row['sequence'] as number }),
    ...(row['refusal'] !== null && { refusal: row['refusal'] as number }),
  };
}
