import type {
  StoredChain,
  StoredEvidence,
  StoredExpiry,
  StoredGroup,
  StoredHead,
  StoredMember,
  StoredPin,
  StoredProgress,
  StoredSkip,
  StoredVisit,
} from '../../store/types.ts';
import { bytes, type Row } from './rows.ts';
import type { Database } from './sqlite.ts';

/** The queries of a slot's state. */
export type StateReads = ReturnType<typeof prepareStateReads>;

/** Prepares the queries of the state that a client loads when it starts. */
export function prepareStateReads(database: Database) {
  const all = (sql: string) => database.prepare<[number], Row>(sql);
  const value = <Value>(sql: string) => database.prepare<[number], Value>(sql).pluck();
  const seed = value<Buffer>('SELECT seed FROM identity WHERE slot = ?');
  const groupId = value<Buffer>('SELECT group_id FROM membership WHERE slot = ?');
  const epochs = all('SELECT * FROM epoch WHERE slot = ? ORDER BY epoch');
  const relays = value<string>('SELECT address FROM relay WHERE slot = ? ORDER BY rank');
  const heads = all('SELECT * FROM head WHERE slot = ? ORDER BY sender');
  const pins = all('SELECT * FROM pin WHERE slot = ?');
  const progress = all('SELECT * FROM progress WHERE slot = ?');
  const members = all('SELECT * FROM member WHERE slot = ? ORDER BY rowid');
  const chains = all('SELECT * FROM chain WHERE slot = ?');
  const evidence = all('SELECT * FROM evidence WHERE slot = ?');
  const expiries = all('SELECT * FROM expiry WHERE slot = ? ORDER BY relay, first');
  const visits = all('SELECT * FROM visit WHERE slot = ? ORDER BY relay');
  const skips = database.prepare<[number, Uint8Array], Row>(
    'SELECT * FROM skip WHERE slot = ? AND sender = ? ORDER BY first',
  );
  const counters = database.prepare<[number], Counters>('SELECT head, consumed FROM slot WHERE number = ?');
  const readHeads = (slot: number) => heads.all(slot).map(toHead);
  const readGroup = (slot: number): StoredGroup | undefined => {
    const id = groupId.get(slot);
    if (id === undefined) return undefined;
    const epochSecrets = epochs
      .all(slot)
      .map((row) => ({ epoch: row['epoch'] as number, secret: bytes(row['secret']) }));
    return { groupId: bytes(id), epochSecrets, relays: relays.all(slot), heads: readHeads(slot) };
  };
  return {
    seed: (slot: number) => optionalBytes(seed.get(slot)),
    group: readGroup,
    pins: (slot: number) => pins.all(slot).map(toPin),
    progress: (slot: number) => progress.all(slot).map(toProgress),
    members: (slot: number) => members.all(slot).map(toMember),
    chains: (slot: number) => chains.all(slot).map(toChain),
    evidence: (slot: number) => evidence.all(slot).map(toEvidence),
    expiries: (slot: number) => expiries.all(slot).map(toExpiry),
    visits: (slot: number) => visits.all(slot).map(toVisit),
    heads: readHeads,
    skipsOf: (slot: number, sender: Uint8Array) => skips.all(slot, sender).map(toSkip),
    counters: (slot: number): Counters => counters.get(slot) ?? { head: 0, consumed: 0 },
  };
}

interface Counters {
  readonly head: number;
  readonly consumed: number;
}

function optionalBytes(value: Buffer | null | undefined): Uint8Array | undefined {
  return value === null || value === undefined ? undefined : bytes(value);
}

function toPin(row: Row): StoredPin {
  const [nodeId, kemHash, signingKey] = ['node_id', 'kem_hash', 'signing_key'].map((column) =>
    optionalBytes(row[column] as Buffer | null),
  );
  return {
    address: row['address'] as string,
    ...(nodeId && { nodeId }),
    ...(kemHash && { kemHash }),
    ...(signingKey && { signingKey }),
    fixed: row['fixed'] === 1,
  };
}

function toProgress(row: Row): StoredProgress {
  return {
    relay: row['relay'] as string,
    cursor: row['cursor'] as number,
    hash: bytes(row['hash']),
    enrolled: row['enrolled'] === 1,
  };
}

function toMember(row: Row): StoredMember {
  return { deviceKey: bytes(row['device_key']), record: bytes(row['record']), name: row['name'] as string };
}

function toChain(row: Row): StoredChain {
  return { sender: bytes(row['sender']), sequence: row['sequence'] as number, hash: bytes(row['hash']) };
}

function toHead(row: Row): StoredHead {
  return { ...toChain(row), stub: bytes(row['stub']) };
}

function toSkip(row: Row): StoredSkip {
  const [from, to] = [row['first'] as number, row['last'] as number];
  return { sender: bytes(row['sender']), from, to, named: row['named'] === 1 };
}

function toExpiry(row: Row): StoredExpiry {
  return { relay: row['relay'] as string, from: row['first'] as number, to: row['last'] as number };
}

function toVisit(row: Row): StoredVisit {
  const [expiresAfterMs, seenAtMs] = [row['expires_after_ms'] as number, row['seen_at_ms'] as number];
  return { relay: row['relay'] as string, expiresAfterMs, seenAtMs, told: row['told'] === 1 };
}

function toEvidence(row: Row): StoredEvidence {
  const [first, second] = [bytes(row['first']), bytes(row['second'])];
  return { sender: bytes(row['sender']), sequence: row['sequence'] as number, first, second };
}
