import type Database from 'better-sqlite3';
import type { DeviceRow, GroupRow } from '../port.ts';
import type { RowOf } from '../rows.ts';
import type { cursors, devices, envelopes, groups, holes, invites } from '../schema.ts';

type Groups = RowOf<typeof groups>;
type Devices = RowOf<typeof devices>;
type Cursors = RowOf<typeof cursors>;
type Holes = RowOf<typeof holes>;
type Envelopes = RowOf<typeof envelopes>;
type Invites = RowOf<typeof invites>;
type Bytes = Uint8Array;

/** A group's id and counters. */
export type GroupRecord = Groups;
/** A device's head as a sender. */
export type DeviceRecord = Pick<Devices, 'id' | 'group_row'> & Pick<Cursors, 'head_sequence' | 'head_hash'>;
/** A hole of a sender's chain. */
export type HoleRecord = Omit<Holes, 'device_row'>;
/** The stub of a stored envelope. */
export type StoredStub = Pick<Envelopes, 'header' | 'body_hash' | 'signature'>;
/** A stored envelope without its ciphertext. */
export type StoredEnvelope = StoredStub & Pick<Envelopes, 'cursor' | 'hash'>;
/** An envelope that a sweep may remove; `cost` is RL-40's. */
export type OldEnvelope = Pick<Envelopes, 'cursor' | 'device_row' | 'sequence' | 'received_at_ms'> & {
  readonly cost: number;
};
/** A mailbox. */
export type MailboxRecord = Invites;

/**
 * Prepares every statement of the writing connection, all written out: the writer thread is the hot path, and drizzle
 * would cost it 13 MB and a third of a second. The schema types the rows; an unknown column fails here.
 */
export function prepareStatements(database: Database.Database) {
  const prepare: Prepare = <Bound extends unknown[], Row = never>(sql: string) => database.prepare<Bound, Row>(sql);
  return {
    begin: prepare<[]>('BEGIN IMMEDIATE'),
    commit: prepare<[]>('COMMIT'),
    rollback: prepare<[]>('ROLLBACK'),
    changes: prepare<[], { readonly changes: number }>('SELECT total_changes() AS changes'),
    ...prepareGroups(prepare),
    ...prepareDevices(prepare),
    ...prepareEnvelopes(prepare),
    ...prepareMailboxes(prepare),
    ...prepareNotes(prepare),
  };
}

/** The prepared statements of the writing connection. */
export type Statements = ReturnType<typeof prepareStatements>;

/** The calls that the writer makes on a prepared statement. */
interface Prepared<Bound extends unknown[], Row> {
  run(...bound: Bound): Database.RunResult;
  get(...bound: Bound): Row | undefined;
  all(...bound: Bound): Row[];
  iterate(...bound: Bound): IterableIterator<Row>;
}

type Prepare = <Bound extends unknown[], Row = never>(sql: string) => Prepared<Bound, Row>;

function prepareGroups(prepare: Prepare) {
  return {
    group: prepare<[GroupRow], GroupRecord>('SELECT * FROM groups WHERE id = ?'),
    groupById: prepare<[groupId: Bytes], Pick<Groups, 'id'>>('SELECT id FROM groups WHERE group_id = ?'),
    groupsAfter: prepare<[from: GroupRow, limit: number], Pick<Groups, 'id'>>(
      'SELECT id FROM groups WHERE id >= ? ORDER BY id LIMIT ?',
    ),
    insertGroup: prepare<[groupId: Bytes, authKey: Bytes, creator: Bytes | null, nowMs: number]>(
      'INSERT INTO groups (group_id, auth_key, creator, created_at_ms) VALUES (?, ?, ?, ?)',
    ),
    bytesOfCreator: prepare<[creator: Bytes], { readonly bytes: number }>(
      'SELECT coalesce(sum(bytes), 0) AS bytes FROM groups WHERE creator = ?',
    ),
    bytesOfAll: prepare<[], { readonly bytes: number }>('SELECT coalesce(sum(bytes), 0) AS bytes FROM groups'),
    updateGroup: prepare<
      [
        head: number,
        floor: number,
        bytes: number,
        envelopes: number,
        receivedAtMs: number,
        devices: number,
        devicesVersion: number,
        group: GroupRow,
      ]
    >(`UPDATE groups SET head = ?, floor = ?, bytes = ?, envelopes = ?, received_at_ms = ?, devices = ?,
      devices_version = ? WHERE id = ?`),
  };
}

function prepareDevices(prepare: Prepare) {
  return {
    device: prepare<[DeviceRow], DeviceRecord>(`SELECT devices.id, group_row, head_sequence, head_hash FROM devices
      JOIN cursors ON cursors.device_row = devices.id WHERE devices.id = ?`),
    deviceByKey: prepare<[GroupRow, deviceKey: Bytes], Pick<Devices, 'id'>>(
      'SELECT id FROM devices WHERE group_row = ? AND device_key = ?',
    ),
    insertDevice: prepare<
      [GroupRow, deviceKey: Bytes, body: Bytes, deviceSignature: Bytes, authSignature: Bytes, nowMs: number]
    >(`INSERT INTO devices (group_row, device_key, record_body, device_signature, auth_signature, enrolled_at_ms)
      VALUES (?, ?, ?, ?, ?, ?)`),
    insertCursor: prepare<[DeviceRow]>('INSERT INTO cursors (device_row) VALUES (?)'),
    updateHead: prepare<[sequence: number, hash: Bytes, DeviceRow]>(
      'UPDATE cursors SET head_sequence = ?, head_hash = ? WHERE device_row = ?',
    ),
    keepHeadStub: prepare<[DeviceRow, sequence: number]>(`UPDATE cursors SET head_header = header,
      head_body_hash = body_hash, head_signature = signature FROM envelopes
      WHERE cursors.device_row = envelopes.device_row AND envelopes.device_row = ? AND sequence = ?`),
    keptHeadStub: prepare<[DeviceRow], StoredStub>(`SELECT head_header AS header, head_body_hash AS body_hash,
      head_signature AS signature FROM cursors WHERE device_row = ?`),
    holes: prepare<[DeviceRow], HoleRecord>(
      'SELECT first, last, previous FROM holes WHERE device_row = ? ORDER BY last',
    ),
    deleteHoles: prepare<[DeviceRow]>('DELETE FROM holes WHERE device_row = ?'),
    insertHole: prepare<[DeviceRow, first: number, last: number, previous: Bytes]>(
      'INSERT INTO holes (device_row, first, last, previous) VALUES (?, ?, ?, ?)',
    ),
    acknowledged: prepare<[DeviceRow], Pick<Cursors, 'acknowledged'>>(
      'SELECT acknowledged FROM cursors WHERE device_row = ?',
    ),
    acknowledge: prepare<[cursor: number, DeviceRow]>('UPDATE cursors SET acknowledged = ? WHERE device_row = ?'),
    lowestAcknowledged: prepare<[GroupRow], { readonly acknowledged: number | null }>(
      `SELECT min(acknowledged) AS acknowledged FROM cursors JOIN devices ON devices.id = cursors.device_row
      WHERE devices.group_row = ?`,
    ),
  };
}

function prepareEnvelopes(prepare: Prepare) {
  return {
    insertEnvelope: prepare<
      [
        GroupRow,
        cursor: number,
        DeviceRow,
        sequence: number,
        receivedAtMs: number,
        hash: Bytes,
        header: Bytes,
        nonce: Bytes,
        bodyHash: Bytes,
        signature: Bytes,
        ciphertext: Bytes,
      ]
    >(`INSERT INTO envelopes (group_row, cursor, device_row, sequence, received_at_ms, hash, header, nonce, body_hash,
      signature, ciphertext) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`),
    storedBySequence: prepare<[DeviceRow, sequence: number], StoredEnvelope>(
      'SELECT cursor, hash, header, body_hash, signature FROM envelopes WHERE device_row = ? AND sequence = ?',
    ),
    oldestEnvelopes: prepare<
      [GroupRow, above: number, limit: number],
      OldEnvelope
    >(`SELECT cursor, device_row, sequence, received_at_ms,
      length(header) + length(nonce) + length(ciphertext) + length(signature) AS cost
      FROM envelopes WHERE group_row = ? AND cursor > ? ORDER BY cursor LIMIT ?`),
    deleteEnvelopes: prepare<[GroupRow, above: number, through: number]>(
      'DELETE FROM envelopes WHERE group_row = ? AND cursor > ? AND cursor <= ?',
    ),
  };
}

function prepareMailboxes(prepare: Prepare) {
  return {
    mailbox: prepare<[mailboxId: Bytes], MailboxRecord>('SELECT * FROM invites WHERE mailbox_id = ?'),
    mailboxesOfGroup: prepare<[GroupRow, nowMs: number], { readonly count: number }>(
      'SELECT count(*) AS count FROM invites WHERE group_row = ? AND expires_at_ms > ?',
    ),
    expiredMailboxes: prepare<[nowMs: number, limit: number], MailboxRecord>(
      'SELECT * FROM invites WHERE expires_at_ms <= ? ORDER BY expires_at_ms LIMIT ?',
    ),
    insertMailbox: prepare<[mailboxId: Bytes, GroupRow, Invites['state'], payload: Bytes, expiresAtMs: number]>(
      'INSERT INTO invites (mailbox_id, group_row, state, payload, expires_at_ms) VALUES (?, ?, ?, ?, ?)',
    ),
    claimMailbox: prepare<[Invites['state'], claimToken: Bytes | undefined, Invites['id']]>(
      'UPDATE invites SET state = ?, claim_token = ? WHERE id = ?',
    ),
    deleteMailbox: prepare<[Invites['id']]>('DELETE FROM invites WHERE id = ?'),
  };
}

function prepareNotes(prepare: Prepare) {
  return {
    setMetadata: prepare<[name: string, value: number]>(
      'INSERT INTO relay_metadata (name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
    ),
    insertNote: prepare<[nowMs: number, event: string, groupPrefix: string | null, detail: string]>(
      'INSERT INTO audit_log (at_ms, event, group_prefix, detail) VALUES (?, ?, ?, ?)',
    ),
    countNotes: prepare<[event: string], { readonly count: number }>(
      'SELECT count(*) AS count FROM audit_log WHERE event = ?',
    ),
    trimNotes: prepare<[event: string, limit: number]>(
      'DELETE FROM audit_log WHERE id IN (SELECT id FROM audit_log WHERE event = ? ORDER BY id LIMIT ?)',
    ),
    trimNotesOfGroup: prepare<[event: string, groupPrefix: string | null, limit: number, keep: number]>(
      `DELETE FROM audit_log WHERE id IN (SELECT id FROM audit_log WHERE event = ? AND group_prefix IS ?
      ORDER BY id DESC LIMIT ? OFFSET ?)`,
    ),
  };
}
