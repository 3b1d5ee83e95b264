import type { OwnChain, PlacedLogEntry } from '../../store/port.ts';
import type { SequenceSpan, StoredCursor, StoredLogEntry } from '../../store/types.ts';
import { bytes, type Row, toLogEntry, toMessage } from './rows.ts';
import type { Database } from './sqlite.ts';

/** The queries of the log, each for one slot. */
export type LogReads = ReturnType<typeof prepareLogReads>;

const ENTRY = 'SELECT log.*, sender.key FROM log JOIN sender ON sender.id = log.sender';
const MESSAGE = `SELECT log.position, log.message_id, log.topic, log.plaintext, log.received_at_ms, log.own, sender.key
  FROM log LEFT JOIN sender ON sender.id = log.sender WHERE log.slot = ? AND log.plaintext IS NOT NULL`;

/** Prepares the queries of the log. */
export function prepareLogReads(database: Database) {
  return { ...prepareEntryReads(database), ...prepareMessageReads(database), ...prepareLossReads(database) };
}

function prepareEntryReads(database: Database) {
  const rows = <Parameters extends unknown[]>(sql: string) => database.prepare<Parameters, Row>(sql);
  const byHash = rows<[number, Uint8Array]>(`${ENTRY} WHERE log.slot = ? AND log.hash = ?`);
  const bySequence = rows<[number, Uint8Array, number]>(
    `${ENTRY} WHERE sender.slot = ? AND sender.key = ? AND sequence = ?`,
  );
  const byMessageId = rows<[number, Uint8Array, Uint8Array]>(
    `${ENTRY} WHERE sender.slot = ? AND sender.key = ? AND message_id = ? AND position IS NOT NULL LIMIT 1`,
  );
  // Most ids are new: the index alone says so, at a fifth of what the join costs.
  const isUsed = rows<[Uint8Array]>('SELECT 1 FROM log WHERE message_id = ? AND position IS NOT NULL LIMIT 1');
  const placed = rows<[number, string, number, number]>(
    `SELECT log.*, sender.key, placement.cursor, placement.received_at_ms AS placed_at_ms
     FROM source JOIN placement ON placement.source = source.id JOIN log ON log.row = placement.row
       JOIN sender ON sender.id = log.sender
     WHERE source.slot = ? AND source.relay = ? AND placement.cursor > ? AND placement.received_at_ms > 0
       AND log.position IS NOT NULL AND log.plaintext IS NOT NULL
     ORDER BY placement.cursor LIMIT ?`,
  );
  const ownAbove = rows<[number, Uint8Array, number, number]>(
    `${ENTRY} WHERE sender.slot = ? AND sender.key = ? AND sequence > ? AND own = 1 AND plaintext IS NOT NULL
     ORDER BY sequence LIMIT ?`,
  );
  const entry = (row: Row | undefined): StoredLogEntry | undefined => row && toLogEntry(row);
  return {
    byHash: (slot: number, hash: Uint8Array) => entry(byHash.get(slot, hash)),
    bySequence: (slot: number, sender: Uint8Array, sequence: number) => entry(bySequence.get(slot, sender, sequence)),
    byMessageId: (slot: number, sender: Uint8Array, id: Uint8Array) =>
      isUsed.get(id) && entry(byMessageId.get(slot, sender, id)),
    placed: (slot: number, relay: string, cursor: number, limit: number) =>
      placed.all(slot, relay, cursor, limit).map(toPlacedLogEntry),
    ownAbove: (slot: number, sender: Uint8Array, sequence: number, limit: number) =>
      ownAbove.all(slot, sender, sequence, limit).map(toLogEntry),
  };
}

function prepareMessageReads(database: Database) {
  const rows = <Parameters extends unknown[]>(sql: string) => database.prepare<Parameters, Row>(sql);
  const unconsumed = rows<[number, number, number]>(
    `${MESSAGE} AND position > ? AND sealed_here = 0 AND plaintext IS NOT NULL ORDER BY position LIMIT ?`,
  );
  const messages = rows<[number, number, number]>(`${MESSAGE} AND position > ? ORDER BY position LIMIT ?`);
  const ofTopic = rows<[number, string, number, number]>(
    `${MESSAGE} AND topic = ? AND topic <> '' AND position > ? ORDER BY position LIMIT ?`,
  );
  const ofNoTopic = rows<[number, number, number]>(
    `${MESSAGE} AND topic = '' AND position > ? ORDER BY position LIMIT ?`,
  );
  const others = database
    .prepare<[number, number, number, string | null], number>(
      `SELECT count(*) FROM log WHERE slot = ? AND position > ? AND position <= ? AND own = 0 AND plaintext IS NOT NULL AND topic = coalesce(?, topic)`,
    )
    .pluck();
  const cursors = database.prepare<[number], StoredCursor>(
    'SELECT name, position FROM cursor WHERE slot = ? ORDER BY name',
  );
  return {
    unconsumed: (slot: number, position: number, limit: number) => unconsumed.all(slot, position, limit).map(toMessage),
    messages: (slot: number, after: number, limit: number, topic: string | undefined) => {
      if (topic === undefined) return messages.all(slot, after, limit).map(toMessage);
      if (topic === '') return ofNoTopic.all(slot, after, limit).map(toMessage);
      return ofTopic.all(slot, topic, after, limit).map(toMessage);
    },
    countOthers: (slot: number, after: number, through: number, topic: string | undefined) =>
      others.get(slot, after, through, topic ?? null) ?? 0,
    cursors: (slot: number) => cursors.all(slot),
  };
}

function prepareLossReads(database: Database) {
  const placedCursors = database
    .prepare<[number, string, number, number], number>(
      `SELECT cursor FROM placement JOIN source ON source.id = placement.source
       WHERE source.slot = ? AND source.relay = ? AND cursor BETWEEN ? AND ? ORDER BY cursor`,
    )
    .pluck();
  const unplacedOwn = database
    .prepare<[number, Uint8Array, number, number, number, number, number], Buffer>(
      `SELECT hash FROM log JOIN sender ON sender.id = log.sender
       WHERE sender.slot = ? AND sender.key = ? AND own = 1 AND sequence <= ? AND sequence > coalesce(
         (SELECT below.sequence FROM placement JOIN log AS below ON below.row = placement.row
          WHERE placement.source = ? AND cursor <= ? AND below.own = 1 ORDER BY cursor DESC LIMIT 1), 0)
         AND NOT EXISTS (SELECT 1 FROM placement WHERE placement.row = log.row AND placement.source = ?)
       ORDER BY sequence LIMIT ?`,
    )
    .pluck();
  const sourceOf = database
    .prepare<[number, string], number>('SELECT id FROM source WHERE slot = ? AND relay = ?')
    .pluck();
  const holes = database.prepare<[number], Row>(
    `SELECT sender.key, before + 1 AS first, sequence - 1 AS last FROM (
       SELECT sender, sequence, lag(sequence, 1, 0) OVER (PARTITION BY sender ORDER BY sequence) AS before
       FROM log WHERE slot = ? AND sequence IS NOT NULL
     ) JOIN sender ON sender.id = sender WHERE before + 1 < sequence ORDER BY sender.key, sequence`,
  );
  const highest = database
    .prepare<[number, Uint8Array], number | null>(
      `SELECT max(sequence) FROM log JOIN sender ON sender.id = log.sender WHERE sender.slot = ? AND sender.key = ?`,
    )
    .pluck();
  return {
    placedCursors: (slot: number, relay: string, from: number, to: number) => placedCursors.all(slot, relay, from, to),
    unplacedOwn: (slot: number, relay: string, cursor: number, { sender, through }: OwnChain, limit: number) => {
      const source = sourceOf.get(slot, relay) ?? 0;
      return unplacedOwn.all(slot, sender, through, source, cursor, source, limit).map(bytes);
    },
    holes: (slot: number) => holes.all(slot).map(toSpan),
    highestSequence: (slot: number, sender: Uint8Array) => highest.get(slot, sender) ?? 0,
  };
}

function toPlacedLogEntry(row: Row): PlacedLogEntry {
  return { ...toLogEntry(row), cursor: row['cursor'] as number, receivedAtMs: row['placed_at_ms'] as number };
}

function toSpan(row: Row): SequenceSpan {
  return { sender: bytes(row['key']), from: row['first'] as number, to: row['last'] as number };
}
