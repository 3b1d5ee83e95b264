import type Database from 'better-sqlite3';

/** Every statement of the writing connection, prepared once. Hot ones are written out so that nothing stands between. */
const SQL = {
  begin: 'BEGIN IMMEDIATE',
  commit: 'COMMIT',
  rollback: 'ROLLBACK',

  group: 'SELECT * FROM groups WHERE id = ?',
  groupById: 'SELECT id FROM groups WHERE group_id = ?',
  groupsAfter: 'SELECT id FROM groups WHERE id >= ? ORDER BY id LIMIT ?',
  insertGroup: 'INSERT INTO groups (group_id, auth_key, created_at_ms) VALUES (?, ?, ?)',
  updateGroup: `UPDATE groups SET head = ?, floor = ?, bytes = ?, envelopes = ?, received_at_ms = ?, devices = ?,
    devices_version = ? WHERE id = ?`,

  device: `SELECT devices.id, group_row, head_sequence, head_hash FROM devices
    JOIN cursors ON cursors.device_row = devices.id WHERE devices.id = ?`,
  deviceByKey: 'SELECT id FROM devices WHERE group_row = ? AND device_key = ?',
  insertDevice: `INSERT INTO devices (group_row, device_key, record_body, device_signature, auth_signature, enrolled_at_ms)
    VALUES (?, ?, ?, ?, ?, ?)`,

  insertEnvelope: `INSERT INTO envelopes (group_row, cursor, device_row, sequence, received_at_ms, hash, header, nonce,
    ciphertext, signature) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  envelopeBySequence: `SELECT cursor, received_at_ms, hash, header, nonce, ciphertext, signature FROM envelopes
    WHERE device_row = ? AND sequence = ?`,
  oldestEnvelopes: `SELECT cursor, received_at_ms,
    length(header) + length(nonce) + length(ciphertext) + length(signature) AS cost
    FROM envelopes WHERE group_row = ? AND cursor > ? ORDER BY cursor LIMIT ?`,
  deleteEnvelopes: 'DELETE FROM envelopes WHERE group_row = ? AND cursor > ? AND cursor <= ?',

  insertCursor: 'INSERT INTO cursors (device_row) VALUES (?)',
  updateHead: 'UPDATE cursors SET head_sequence = ?, head_hash = ? WHERE device_row = ?',
  acknowledged: 'SELECT acknowledged FROM cursors WHERE device_row = ?',
  acknowledge: 'UPDATE cursors SET acknowledged = ? WHERE device_row = ?',
  lowestAcknowledged: `SELECT min(acknowledged) AS acknowledged FROM cursors
    JOIN devices ON devices.id = cursors.device_row WHERE devices.group_row = ?`,

  sessionsOfDevice: 'SELECT count(*) AS count FROM sessions WHERE device_row = ?',
  insertSession: 'INSERT INTO sessions (device_row, started_at_ms) VALUES (?, ?)',
  deleteSession: 'DELETE FROM sessions WHERE id = ?',
  deleteSessions: 'DELETE FROM sessions',

  mailbox: 'SELECT * FROM invites WHERE mailbox_id = ?',
  mailboxesOfGroup: 'SELECT count(*) AS count FROM invites WHERE group_row = ? AND expires_at_ms > ?',
  expiredMailboxes: 'SELECT * FROM invites WHERE expires_at_ms <= ? ORDER BY expires_at_ms LIMIT ?',
  insertMailbox: 'INSERT INTO invites (mailbox_id, group_row, state, payload, expires_at_ms) VALUES (?, ?, ?, ?, ?)',
  claimMailbox: 'UPDATE invites SET state = ?, claim_token = ? WHERE id = ?',
  deleteMailbox: 'DELETE FROM invites WHERE id = ?',

  setMetadata:
    'INSERT INTO relay_metadata (name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
  insertNote: 'INSERT INTO audit_log (at_ms, event, group_prefix, detail) VALUES (?, ?, ?, ?)',
  trimNotes: 'DELETE FROM audit_log WHERE id <= (SELECT max(id) FROM audit_log) - ?',
} as const;

export type Statements = { readonly [N in keyof typeof SQL]: Database.Statement<unknown[]> };

export function prepareStatements(database: Database.Database): Statements {
  return Object.fromEntries(Object.entries(SQL).map(([name, sql]) => [name, database.prepare(sql)])) as Statements;
}
