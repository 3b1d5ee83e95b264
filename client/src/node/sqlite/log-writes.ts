import type { LogEntry } from '../../store/types.ts';
import type { Kept } from './kept.ts';
import { flag } from './rows.ts';
import type { Database } from './sqlite.ts';
import type { Write } from './writes.ts';

type LogKinds = 'accept' | 'retract' | 'place' | 'forget-placements';

/** Prepares the changes of the log. */
export function logWrites(database: Database, kept: Kept): { readonly [Kind in LogKinds]: Write<Kind> } {
  return { ...entryWrites(database, kept), ...placementWrites(database, kept) };
}

function entryWrites(database: Database, kept: Kept): { readonly [Kind in 'accept' | 'retract']: Write<Kind> } {
  const run = (sql: string) => database.prepare<unknown[]>(sql);
  const queuedAt = database
    .prepare<[number, Uint8Array], number>(
      'SELECT position FROM outbox WHERE slot = ? AND id = ? AND position IS NOT NULL',
    )
    .pluck();
  const accept = run(
    `INSERT INTO log (slot, position, sender, sequence, epoch, content_type, own, sealed_here, received_at_ms, topic,
       message_id, hash, previous, body_hash, nonce, signature, plaintext)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const seal = run(
    `UPDATE log SET sender = ?, sequence = ?, epoch = ?, hash = ?, previous = ?, body_hash = ?, nonce = ?, signature = ?,
       plaintext = ? WHERE slot = ? AND position = ? AND sequence IS NULL`,
  );
  const ROW = 'sender = (SELECT id FROM sender WHERE slot = ? AND key = ?) AND sequence = ?';
  const noPlacements = run(`DELETE FROM placement WHERE row = (SELECT row FROM log WHERE ${ROW})`);
  const unseal = run(
    `UPDATE log SET sender = NULL, sequence = NULL, epoch = NULL, hash = NULL, previous = NULL, body_hash = NULL,
       nonce = NULL, signature = NULL
     WHERE ${ROW} AND position IN (SELECT position FROM outbox WHERE slot = ?)`,
  );
  const remove = run(`DELETE FROM log WHERE ${ROW}`);

  const append = (slot: number, sender: number, e: LogEntry): number => {
    const position = e.visible ? kept.nextPosition(slot) : null;
    const head = [slot, position, sender, e.sequence, e.epoch, e.contentType, flag(e.own), flag(e.sealedHere)];
    const blobs = [e.messageId, e.hash, e.previous, e.bodyHash, orNull(e.nonce), e.signature, orNull(e.plaintext)];
    const { lastInsertRowid } = accept.run(...head, e.receivedAtMs, e.topic, ...blobs);
    kept.noteAdded(slot, e.hash, Number(lastInsertRowid));
    return position ?? 0;
  };
  return {
    accept: (slot, { entry: e }) => {
      const sender = kept.sender(slot, e.sender);
      const queued = e.visible && e.sealedHere ? queuedAt.get(slot, e.messageId) : undefined;
      if (queued === undefined) return append(slot, sender, e);
      const sealed = [sender, e.sequence, e.epoch, e.hash, e.previous, e.bodyHash, e.nonce, e.signature, e.plaintext];
      if (seal.run(...sealed, slot, queued).changes === 0) throw new Error('the message is sealed already');
      return queued;
    },
    retract: (slot, { sender, sequence }) => {
      kept.forgetAdded();
      noPlacements.run(slot, sender, sequence);
      if (unseal.run(slot, sender, sequence, slot).changes === 0) remove.run(slot, sender, sequence);
    },
  };
}

/** A pruned entry has no content. */
function orNull(bytes: Uint8Array): Uint8Array | null {
  return bytes.length === 0 ? null : bytes;
}

function placementWrites(
  database: Database,
  kept: Kept,
): { readonly [Kind in 'place' | 'forget-placements']: Write<Kind> } {
  const run = (sql: string) => database.prepare<unknown[]>(sql);
  const rowOf = database
    .prepare<[number, Uint8Array], number>('SELECT row FROM log WHERE slot = ? AND hash = ?')
    .pluck();
  const placed = database.prepare<[number, number], { readonly cursor: number; readonly received_at_ms: number }>(
    'SELECT cursor, received_at_ms FROM placement INDEXED BY placement_row WHERE row = ? AND source = ?',
  );
  const untell = run('DELETE FROM placement WHERE source = ? AND cursor = ?');
  const place = run('REPLACE INTO placement (source, cursor, row, received_at_ms) VALUES (?, ?, ?, ?)');
  const tell = run('INSERT OR IGNORE INTO placement (source, cursor, row, received_at_ms) VALUES (?, ?, ?, ?)');
  const forget = run('DELETE FROM placement WHERE source = (SELECT id FROM source WHERE slot = ? AND relay = ?)');
  return {
    place: (slot, { placement: { relay, cursor, hash, receivedAtMs } }) => {
      const added = kept.takeAdded(slot, hash);
      const row = added ?? rowOf.get(slot, hash);
      if (row === undefined) return;
      const source = kept.source(slot, relay);
      const present = added === undefined ? placed.get(row, source) : undefined;
      if (present !== undefined && (present.received_at_ms > 0 || receivedAtMs === 0)) return;
      if (present !== undefined) untell.run(source, present.cursor);
      (receivedAtMs > 0 ? place : tell).run(source, cursor, row, receivedAtMs);
    },
    'forget-placements': (slot, { relay }) => void forget.run(slot, relay),
  };
}
