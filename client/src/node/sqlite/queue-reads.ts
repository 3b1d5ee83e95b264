import type { HeldEnvelope, HoldReason, QuarantinedEnvelope, StoredOutboxEntry } from '../../store/types.ts';
import { bytes, type Row, toOutboxEntry } from './rows.ts';
import type { Database } from './sqlite.ts';

/** The queries of the outbox, the quarantine and what is held, each for one slot. */
export type QueueReads = ReturnType<typeof prepareQueueReads>;

const ENTRY = `SELECT outbox.*, log.topic, coalesce(outbox.plaintext, log.plaintext) AS content
  FROM outbox LEFT JOIN log ON log.slot = outbox.slot AND log.position = outbox.position WHERE outbox.slot = ?`;

/** Prepares the queries of what waits. */
export function prepareQueueReads(database: Database) {
  const rows = <Parameters extends unknown[]>(sql: string) => database.prepare<Parameters, Row>(sql);
  const outbox = rows<[number, number, number]>(`${ENTRY} AND number > ? ORDER BY number LIMIT ?`);
  const outboxEntry = rows<[number, Uint8Array]>(`${ENTRY} AND id = ?`);
  const collapsible = rows<[number, string]>(`${ENTRY} AND collapse_key = ? AND state = 'queued'`);
  const outboxCount = database.prepare<[number], number>('SELECT count(*) FROM outbox WHERE slot = ?').pluck();
  const quarantined = rows<[number, number]>('SELECT * FROM quarantine WHERE slot = ? ORDER BY number DESC LIMIT ?');
  const byHash = rows<[number, Uint8Array]>(
    'SELECT * FROM quarantine WHERE slot = ? AND hash = ? ORDER BY number DESC LIMIT 1',
  );
  const ofSender = rows<[number, Uint8Array]>(
    'SELECT * FROM quarantine WHERE slot = ? AND sender = ? ORDER BY sequence, number',
  );
  const held = rows<[number]>('SELECT * FROM held WHERE slot = ? ORDER BY held_at_ms, sequence');
  const entry = (row: Row | undefined): StoredOutboxEntry | undefined => row && toOutboxEntry(row);
  return {
    outbox: (slot: number, after: number, limit: number) => outbox.all(slot, after, limit).map(toOutboxEntry),
    outboxEntry: (slot: number, id: Uint8Array) => entry(outboxEntry.get(slot, id)),
    collapsible: (slot: number, key: string) => entry(collapsible.get(slot, key)),
    outboxCount: (slot: number) => outboxCount.get(slot) ?? 0,
    quarantined: (slot: number, limit: number) => quarantined.all(slot, limit).map(toQuarantined),
    quarantinedByHash: (slot: number, hash: Uint8Array) => byHash.all(slot, hash).map(toQuarantined).at(0),
    quarantinedOf: (slot: number, sender: Uint8Array) => ofSender.all(slot, sender).map(toQuarantined),
    held: (slot: number) => held.all(slot).map(toHeld),
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
