import { ContentType } from '@0k-sync/generated/wire/envelope';
import type { Kept } from './kept.ts';
import type { Row } from './rows.ts';
import type { Database } from './sqlite.ts';
import type { Write } from './writes.ts';

type OutboxKinds = 'enqueue' | 'enqueue-sealed' | 'outbox-state' | 'dequeue';

/** Prepares the changes of the outbox; `append` appends an entry to the log, and gives its position. */
export function outboxWrites(
  database: Database,
  kept: Kept,
  append: Write<'accept'>,
): { readonly [Kind in OutboxKinds]: Write<Kind> } {
  const run = (sql: string) => database.prepare<unknown[]>(sql);
  const queue = run(
    `INSERT INTO log (slot, position, content_type, own, sealed_here, received_at_ms, topic, message_id, plaintext)
     VALUES (?, ?, ?, 1, 1, 0, ?, ?, ?)`,
  );
  const enqueue = run(
    `INSERT INTO outbox (slot, id, position, content_type, plaintext, state, sequence, refusal, collapse_key)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const state = run(
    `UPDATE outbox SET state = @state, sequence = iif(@state = 'queued', NULL, coalesce(@sequence, sequence)), refusal = @refusal
     WHERE slot = @slot AND id = @id`,
  );
  const unqueue = run('DELETE FROM log WHERE slot = ? AND position = ? AND sequence IS NULL');
  const dequeue = database.prepare<[number, Uint8Array], Pick<Row, 'position' | 'sequence'>>(
    'DELETE FROM outbox WHERE slot = ? AND id = ? RETURNING position, sequence',
  );
  return {
    enqueue: (slot, { entry: e }) => {
      const isMessage = e.contentType === ContentType.CONTENT_TYPE_MESSAGE && e.state === 'queued';
      const position = isMessage ? kept.nextPosition(slot) : null;
      if (isMessage) queue.run(slot, position, e.contentType, e.topic ?? '', e.id, e.plaintext);
      const place = [e.state, e.sequence ?? null, e.refusal ?? null, e.collapseKey ?? null];
      enqueue.run(slot, e.id, position, e.contentType, isMessage ? null : e.plaintext, ...place);
      return position ?? 0;
    },
    'enqueue-sealed': (slot, { entry: e }) => {
      const position = append(slot, { kind: 'accept', entry: e });
      enqueue.run(slot, e.messageId, position, e.contentType, null, 'sealed', e.sequence, null, null);
      return position;
    },
    'outbox-state': (slot, { id, state: next, sequence = null, refusal = null }) => {
      const { changes } = state.run({ slot, id, state: next, sequence, refusal });
      if (changes === 0) throw new Error('the outbox does not have this entry');
    },
    dequeue: (slot, { id }) => {
      const gone = dequeue.get(slot, id);
      // The message of a sealed one stays in the log.
      if (typeof gone?.position === 'number' && gone.sequence === null) unqueue.run(slot, gone.position);
    },
  };
}
