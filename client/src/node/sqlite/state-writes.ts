import type { Database } from './sqlite.ts';
import type { Write } from './writes.ts';

type StateKinds =
  | 'identity'
  | 'group'
  | 'pin'
  | 'progress'
  | 'expire'
  | 'visit'
  | 'member'
  | 'chain'
  | 'head'
  | 'skip'
  | 'consumed'
  | 'cursor'
  | 'forget-cursor';

/** Prepares the changes of a slot's state. */
export function stateWrites(database: Database): { readonly [Kind in StateKinds]: Write<Kind> } {
  const run = (sql: string) => database.prepare<unknown[]>(sql);
  const identity = run('INSERT INTO identity (slot, seed) VALUES (?, ?)');
  const group = run('REPLACE INTO membership (slot, group_id) VALUES (?, ?)');
  const epoch = run('REPLACE INTO epoch (slot, epoch, secret) VALUES (?, ?, ?)');
  const head = run('REPLACE INTO head (slot, sender, sequence, hash, stub) VALUES (?, ?, ?, ?, ?)');
  const expire = run('REPLACE INTO expiry (slot, relay, first, last) VALUES (?, ?, ?, ?)');
  const visit = run('REPLACE INTO visit (slot, relay, expires_after_ms, seen_at_ms, told) VALUES (?, ?, ?, ?, ?)');
  const noRelays = run('DELETE FROM relay WHERE slot = ?');
  const relay = run('INSERT INTO relay (slot, rank, address) VALUES (?, ?, ?)');
  const pin = run('REPLACE INTO pin (slot, address, node_id, kem_hash, signing_key, fixed) VALUES (?, ?, ?, ?, ?, ?)');
  const progress = run('REPLACE INTO progress (slot, relay, cursor, hash, enrolled) VALUES (?, ?, ?, ?, ?)');
  const member = run(
    `INSERT INTO member (slot, device_key, record, name) VALUES (?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET record = excluded.record, name = excluded.name`,
  );
  const chain = run('REPLACE INTO chain (slot, sender, sequence, hash) VALUES (?, ?, ?, ?)');
  const skip = run('REPLACE INTO skip (slot, sender, first, last, named) VALUES (?, ?, ?, ?, ?)');
  const consumed = run('UPDATE slot SET consumed = ? WHERE number = ?');
  const cursor = run('REPLACE INTO cursor (slot, name, position) VALUES (?, ?, ?)');
  const forgetCursor = run('DELETE FROM cursor WHERE slot = ? AND name = ?');
  return {
    identity: (slot, { seed }) => void identity.run(slot, seed),
    group: (slot, { group: { groupId, epochSecrets, relays, heads } }) => {
      group.run(slot, groupId);
      for (const row of heads) head.run(slot, row.sender, row.sequence, row.hash, row.stub);
      for (const { epoch: number, secret } of epochSecrets) epoch.run(slot, number, secret);
      noRelays.run(slot);
      for (const [rank, address] of relays.entries()) relay.run(slot, rank, address);
    },
    pin: (slot, { pin: { address, nodeId = null, kemHash = null, signingKey = null, fixed } }) =>
      void pin.run(slot, address, nodeId, kemHash, signingKey, Number(fixed)),
    progress: (slot, { progress: row }) =>
      void progress.run(slot, row.relay, row.cursor, row.hash, Number(row.enrolled)),
    expire: (slot, { expiry: row }) => void expire.run(slot, row.relay, row.from, row.to),
    visit: (slot, { visit: row }) =>
      void visit.run(slot, row.relay, row.expiresAfterMs, Math.floor(row.seenAtMs), Number(row.told)),
    head: (slot, { head: row }) => void head.run(slot, row.sender, row.sequence, row.hash, row.stub),
    member: (slot, { member: row }) => void member.run(slot, row.deviceKey, row.record, row.name),
    chain: (slot, { chain: row }) => void chain.run(slot, row.sender, row.sequence, row.hash),
    skip: (slot, { skip: row }) => void skip.run(slot, row.sender, row.from, row.to, Number(row.named)),
    consumed: (slot, { position }) => void consumed.run(position, slot),
    cursor: (slot, { cursor: { name, position } }) => void cursor.run(slot, name, position),
    'forget-cursor': (slot, { name }) => void forgetCursor.run(slot, name),
  };
}
