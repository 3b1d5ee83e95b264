import { EVIDENCE_ITEMS_MAX, QUARANTINE_BYTES_MAX } from '@0k-sync/generated/limits';
import { flag } from './rows.ts';
import type { Database } from './sqlite.ts';
import type { Write } from './writes.ts';

type WaitingKinds = 'hold' | 'release' | 'quarantine' | 'unquarantine' | 'evidence';

/** Prepares the changes of what waits, and of what failed its checks. */
export function waitingWrites(database: Database): { readonly [Kind in WaitingKinds]: Write<Kind> } {
  const run = (sql: string) => database.prepare<unknown[]>(sql);
  const hold = run(
    `REPLACE INTO held (slot, hash, sender, sequence, relay, cursor, received_at_ms, held_at_ms, reason, envelope)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const release = run('DELETE FROM held WHERE slot = ? AND hash = ?');
  const quarantine = run(
    `INSERT INTO quarantine
       (slot, relay, cursor, reject_class, hash, sender, sequence, unsigned, envelope, received_at_ms, at_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const size = database.prepare<[number], number>('SELECT quarantined FROM slot WHERE number = ?').pluck();
  const dropOldest = run('DELETE FROM quarantine WHERE number = (SELECT min(number) FROM quarantine WHERE slot = ?)');
  const unquarantine = run('DELETE FROM quarantine WHERE slot = ? AND hash = ?');
  const evidence = run(
    `INSERT OR IGNORE INTO evidence (slot, sender, sequence, first, second)
     SELECT @slot, @sender, @sequence, @first, @second
     WHERE (SELECT count(*) FROM evidence WHERE slot = @slot AND sender = @sender) < ${EVIDENCE_ITEMS_MAX}`,
  );
  return {
    hold: (slot, { held: h }) => {
      const times = [h.receivedAtMs, h.heldAtMs];
      hold.run(slot, h.hash, h.sender, h.sequence, h.relay, h.cursor, ...times, h.reason, h.envelope);
    },
    release: (slot, { hash }) => void release.run(slot, hash),
    quarantine: (slot, { envelope: q }) => {
      const place = [slot, q.relay, q.cursor, q.rejectClass, q.hash, q.sender, q.sequence];
      quarantine.run(...place, flag(q.unsigned), q.envelope, q.receivedAtMs, q.atMs);
      while ((size.get(slot) ?? 0) > QUARANTINE_BYTES_MAX) dropOldest.run(slot);
    },
    unquarantine: (slot, { hash }) => void unquarantine.run(slot, hash),
    evidence: (slot, { evidence: e }) => void evidence.run({ slot, ...e }),
  };
}
