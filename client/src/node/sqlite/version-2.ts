import { nobleCrypto } from '@0k-sync/core/crypto';
import { bodyHash } from '@0k-sync/core/envelope';
import { ContentType, Envelope, EnvelopeHeader, Message } from '@0k-sync/generated/wire/envelope';
import { bytes, type Row } from './rows.ts';
import { TABLES } from './schema.ts';
import type { Database } from './sqlite.ts';
import { prepareWrites } from './writes.ts';

/** The one group of a file of version 2 becomes the first slot. */
const SLOT = 1;

/** The tables of version 2. Those of the first line had the columns of today, without the slot. */
const SAME = ['identity', 'membership', 'epoch', 'relay', 'head', 'pin', 'progress', 'member', 'chain'];
const WAITING = ['held', 'evidence', 'skip', 'expiry'];
const OTHERS = ['log', 'placement', 'outbox', 'quarantine', 'quarantine_size', 'consumed'];
/** Objects whose names the tables of today take. */
const NAMES = ['INDEX log_message', 'INDEX quarantine_hash', 'INDEX quarantine_sender'];
const TRIGGERS = ['TRIGGER quarantine_grows', 'TRIGGER quarantine_shrinks'];

/**
 * Brings the tables of version 2 to version 3, which has a slot for each group, positions, and sealed parts in place of
 * envelopes. Positions are given in the order of the log, and after it in the order of the queue.
 */
export function migrateFrom2(database: Database): void {
  const tables = [...SAME, ...WAITING, ...OTHERS];
  for (const name of [...NAMES, ...TRIGGERS]) database.exec(`DROP ${name}`);
  for (const table of tables) database.exec(`ALTER TABLE ${table} RENAME TO old_${table}`);
  database.exec(TABLES);
  database.exec(`INSERT INTO slot (number) VALUES (${SLOT})`);
  for (const table of [...SAME, ...WAITING]) copy(database, table);
  const columns =
    'number, relay, cursor, reject_class, hash, sender, sequence, unsigned, envelope, received_at_ms, at_ms';
  database.exec(
    `INSERT INTO quarantine (slot, ${columns}) SELECT ${SLOT}, ${columns} FROM old_quarantine ORDER BY number`,
  );
  copyLog(database);
  copyOutbox(database);
  for (const table of ['placement', ...tables.filter((name) => name !== 'placement')])
    database.exec(`DROP TABLE old_${table}`);
}

function copy(database: Database, table: string): void {
  const infos = database.pragma(`table_info(old_${table})`) as readonly { readonly name: string }[];
  const columns = infos.map(({ name }) => name).filter((name) => name !== 'id');
  database.exec(
    `INSERT INTO ${table} (slot, ${columns.join(', ')}) SELECT ${SLOT}, ${columns.join(', ')} FROM old_${table}`,
  );
}

function copyLog(database: Database): void {
  const { write, finish } = prepareWrites(database);
  const consumed = database.prepare<[], number>('SELECT position FROM old_consumed').pluck().get() ?? 0;
  let read = 0;
  for (const row of database.prepare<[], Row>('SELECT * FROM old_log ORDER BY position').all()) {
    const position = write(SLOT, { kind: 'accept', entry: entryOf(row) });
    if (position > 0 && (row['position'] as number) <= consumed) read = position;
  }
  write(SLOT, { kind: 'consumed', position: read });
  finish();
  const placements = database.prepare<[], Row>(
    'SELECT old_placement.*, hash FROM old_placement JOIN old_log USING (position) ORDER BY relay, cursor',
  );
  for (const row of placements.all()) {
    const [relay, cursor] = [row['relay'] as string, row['cursor'] as number];
    const [hash, receivedAtMs] = [bytes(row['hash']), row['received_at_ms'] as number];
    write(SLOT, { kind: 'place', placement: { relay, cursor, hash, receivedAtMs } });
  }
}

function entryOf(row: Row) {
  const envelope = Envelope.decode(bytes(row['envelope']));
  const { previous, epoch } = EnvelopeHeader.decode(envelope.header);
  const contentType = row['content_type'] as number;
  const plaintext = bytes(row['plaintext']);
  return {
    sender: bytes(row['sender']),
    sequence: row['sequence'] as number,
    hash: bytes(row['hash']),
    previous,
    epoch,
    contentType,
    messageId: bytes(row['message_id']),
    topic: contentType === ContentType.CONTENT_TYPE_MESSAGE ? Message.decode(plaintext).topic : '',
    plaintext,
    nonce: envelope.nonce,
    bodyHash: bodyHash(nobleCrypto, envelope),
    signature: envelope.signature,
    receivedAtMs: row['received_at_ms'] as number,
    own: row['own'] === 1,
    sealedHere: row['sealed_here'] === 1,
    visible: row['visible'] === 1,
  };
}

/** A sealed message of the queue has its position in the log already. */
function copyOutbox(database: Database): void {
  const { write, finish } = prepareWrites(database);
  const place = database.prepare<[Uint8Array]>(
    `UPDATE outbox SET plaintext = NULL, position = log.position FROM log
     WHERE log.own = 1 AND log.sequence = outbox.sequence AND log.position IS NOT NULL
       AND outbox.state NOT IN ('queued', 'again') AND outbox.content_type = ${ContentType.CONTENT_TYPE_MESSAGE}
       AND outbox.id = ?`,
  );
  for (const row of database.prepare<[], Row>('SELECT * FROM old_outbox ORDER BY number').all()) {
    const [id, state] = [bytes(row['id']), row['state'] as 'queued'];
    const [sequence, refusal] = [row['sequence'] as number | null, row['refusal'] as number | null];
    const entry = {
      id,
      contentType: row['content_type'] as number,
      plaintext: bytes(row['plaintext']),
      state,
      ...(sequence !== null && { sequence }),
      ...(refusal !== null && { refusal }),
    };
    write(SLOT, { kind: 'enqueue', entry });
    place.run(id);
  }
  finish();
}
