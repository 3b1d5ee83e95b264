import { EVIDENCE_ITEMS_MAX, QUARANTINE_BYTES_MAX } from '@0k-sync/generated/limits';
import type { Database } from 'better-sqlite3';
import { type Change, type ChangeHandlers, handleChange } from '../store/port.ts';

type Handlers = ChangeHandlers<unknown>;

const flag = (value: boolean) => (value ? 1 : 0);

/** Prepares the statements of every kind of change. The returned function writes one change. */
export function prepareWrites(database: Database): (change: Change) => void {
  const handlers: Handlers = {
    ...identityWrites(database),
    ...logWrites(database),
    ...waitingWrites(database),
    ...outboxWrites(database),
  };
  return (change) => void handleChange(handlers, change);
}

type IdentityKinds = 'identity' | 'group' | 'pin' | 'progress' | 'expire' | 'member' | 'chain' | 'head' | 'consumed';

function identityWrites(database: Database): Pick<Handlers, IdentityKinds> {
  const identity = database.prepare('INSERT INTO identity (id, seed) VALUES (1, ?)');
  const group = database.prepare('REPLACE INTO membership (id, group_id) VALUES (1, ?)');
  const epoch = database.prepare('REPLACE INTO epoch (epoch, secret) VALUES (?, ?)');
  const head = database.prepare('REPLACE INTO head (sender, sequence, hash, stub) VALUES (?, ?, ?, ?)');
  const expire = database.prepare('REPLACE INTO expiry (relay, first, last) VALUES (?, ?, ?)');
  const noRelays = database.prepare('DELETE FROM relay');
  const relay = database.prepare('INSERT INTO relay (rank, address) VALUES (?, ?)');
  const pin = database.prepare(
    'REPLACE INTO pin (address, node_id, kem_hash, signing_key, fixed) VALUES (?, ?, ?, ?, ?)',
  );
  const progress = database.prepare('REPLACE INTO progress (relay, cursor, hash, enrolled) VALUES (?, ?, ?, ?)');
  const member = database.prepare('REPLACE INTO member (device_key, record, name) VALUES (?, ?, ?)');
  const chain = database.prepare('REPLACE INTO chain (sender, sequence, hash) VALUES (?, ?, ?)');
  const consumed = database.prepare('REPLACE INTO consumed (id, position) VALUES (1, ?)');
  return {
    identity: ({ seed }) => identity.run(seed),
    group: ({ group: { groupId, epochSecrets, relays, heads } }) => {
      group.run(groupId);
      for (const row of heads) head.run(row.sender, row.sequence, row.hash, row.stub);
      for (const { epoch: number, secret } of epochSecrets) epoch.run(number, secret);
      noRelays.run();
      for (const [rank, address] of relays.entries()) relay.run(rank, address);
    },
    pin: ({ pin: row }) =>
      pin.run(row.address, row.nodeId ?? null, row.kemHash ?? null, row.signingKey ?? null, flag(row.fixed)),
    progress: ({ progress: row }) => progress.run(row.relay, row.cursor, row.hash, flag(row.enrolled)),
    expire: ({ expiry: row }) => expire.run(row.relay, row.from, row.to),
    head: ({ head: row }) => head.run(row.sender, row.sequence, row.hash, row.stub),
    member: ({ member: row }) => member.run(row.deviceKey, row.record, row.name),
    chain: ({ chain: row }) => chain.run(row.sender, row.sequence, row.hash),
    consumed: ({ position }) => consumed.run(position),
  };
}

type LogKinds = 'accept' | 'retract' | 'skip' | 'place' | 'forget-placements';

function logWrites(database: Database): Pick<Handlers, LogKinds> {
  const accept = database.prepare(
    `INSERT INTO log (sender, sequence, hash, content_type, message_id, plaintext, envelope, received_at_ms, own, sealed_here, visible)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const retract = database.prepare('DELETE FROM log WHERE sender = ? AND sequence = ?');
  const placing = `INTO placement (relay, cursor, position, received_at_ms)
     SELECT @relay, @cursor, position, @receivedAtMs FROM log WHERE hash = @hash AND NOT EXISTS (
       SELECT 1 FROM placement WHERE placement.position = log.position AND placement.relay = @relay)`;
  const place = database.prepare(`REPLACE ${placing}`);
  const tell = database.prepare(`INSERT OR IGNORE ${placing}`);
  const untell = database.prepare(
    `DELETE FROM placement WHERE relay = @relay AND received_at_ms = 0
     AND position = (SELECT position FROM log WHERE hash = @hash)`,
  );
  const forget = database.prepare('DELETE FROM placement WHERE relay = ?');
  const skip = database.prepare('REPLACE INTO skip (sender, first, last, named) VALUES (?, ?, ?, ?)');
  return {
    accept: ({ entry: e }) =>
      accept.run(
        e.sender,
        e.sequence,
        e.hash,
        e.contentType,
        e.messageId,
        e.plaintext,
        e.envelope,
        e.receivedAtMs,
        flag(e.own),
        flag(e.sealedHere),
        flag(e.visible),
      ),
    retract: ({ sender, sequence }) => retract.run(sender, sequence),
    place: ({ placement: p }) => {
      if (p.receivedAtMs === 0) return void tell.run(p);
      untell.run(p);
      place.run(p);
    },
    'forget-placements': ({ relay }) => forget.run(relay),
    skip: ({ skip: k }) => skip.run(k.sender, k.from, k.to, flag(k.named)),
  };
}

type WaitingKinds = 'hold' | 'release' | 'quarantine' | 'unquarantine' | 'evidence';

function waitingWrites(database: Database): Pick<Handlers, WaitingKinds> {
  const hold = database.prepare(
    `REPLACE INTO held (hash, sender, sequence, relay, cursor, received_at_ms, held_at_ms, reason, envelope)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const release = database.prepare('DELETE FROM held WHERE hash = ?');
  const quarantine = database.prepare(
    `INSERT INTO quarantine (relay, cursor, reject_class, hash, sender, sequence, unsigned, envelope, received_at_ms, at_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const size = database.prepare<[], number>('SELECT bytes FROM quarantine_size').pluck();
  const dropOldest = database.prepare('DELETE FROM quarantine WHERE number = (SELECT min(number) FROM quarantine)');
  const unquarantine = database.prepare('DELETE FROM quarantine WHERE hash = ?');
  const evidence = database.prepare(
    `INSERT OR IGNORE INTO evidence (sender, sequence, first, second)
     SELECT ?, ?, ?, ? WHERE (SELECT count(*) FROM evidence WHERE sender = ?) < ${EVIDENCE_ITEMS_MAX}`,
  );
  return {
    hold: ({ held: h }) =>
      hold.run(h.hash, h.sender, h.sequence, h.relay, h.cursor, h.receivedAtMs, h.heldAtMs, h.reason, h.envelope),
    release: ({ hash }) => release.run(hash),
    quarantine: ({ envelope: q }) => {
      const place = [q.relay, q.cursor, q.rejectClass, q.hash, q.sender, q.sequence] as const;
      quarantine.run(...place, flag(q.unsigned), q.envelope, q.receivedAtMs, q.atMs);
      while ((size.get() ?? 0) > QUARANTINE_BYTES_MAX) dropOldest.run();
    },
    unquarantine: ({ hash }) => unquarantine.run(hash),
    evidence: ({ evidence: e }) => evidence.run(e.sender, e.sequence, e.first, e.second, e.sender),
  };
}

function outboxWrites(database: Database): Pick<Handlers, 'enqueue' | 'outbox-state' | 'dequeue'> {
  const enqueue = database.prepare(
    'INSERT INTO outbox (id, content_type, plaintext, state, sequence, refusal) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const state = database.prepare(
    `UPDATE outbox SET state = ?, sequence = iif(? = 'queued', NULL, coalesce(?, sequence)), refusal = ? WHERE id = ?`,
  );
  const dequeue = database.prepare('DELETE FROM outbox WHERE id = ?');
  return {
    enqueue: ({ entry: e }) =>
      enqueue.run(e.id, e.contentType, e.plaintext, e.state, e.sequence ?? null, e.refusal ?? null),
    'outbox-state': ({ id, state: next, sequence, refusal }) => {
      const { changes } = state.run(next, next, sequence ?? null, refusal ?? null, id);
      if (changes === 0) throw new Error('the outbox does not have this entry');
    },
    dequeue: ({ id }) => dequeue.run(id),
  };
}
