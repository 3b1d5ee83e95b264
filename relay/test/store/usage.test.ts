import { randomBytes } from 'node:crypto';
import { VirtualClock } from '@0k-sync/testkit/time';
import Database from 'better-sqlite3';
import t from 'tap';
import { DATABASE_FILE } from '../../src/store/database.ts';
import type { SqliteStore } from '../../src/store/index.ts';
import { isRefused } from '../../src/store/port.ts';
import { describe, type EnrolledDevice, ITEM_COST, openStore, Sender, someRecord, sweepAll } from '../support/store.ts';

const clock = new VirtualClock();
const [ONE, OTHER] = [randomBytes(16), randomBytes(16)];

/** Creates a group that counts against that address. */
async function createdBy(store: SqliteStore, creator: Uint8Array): Promise<Sender> {
  const [groupId, deviceKey] = [randomBytes(32), randomBytes(32)];
  const enrolment = { record: someRecord(), authKey: randomBytes(32) };
  const opened = await store.perform({ kind: 'authorize', groupId, deviceKey, enrolment, creator });
  if (isRefused(opened)) throw new Error(`not let in: ${opened.refused}`);
  return new Sender({ groupId, deviceKey, opened } satisfies EnrolledDevice);
}

t.test('RL-81 finding/R5 groups.bytes_per_address_max: all groups of one address share a quota', async (t) => {
  const store = await openStore(t.testdir(), clock, { quotas: { creatorBytesMax: 3 * ITEM_COST } });
  t.teardown(() => store.close());
  const [first, second, foreign] = [
    await createdBy(store, ONE),
    await createdBy(store, ONE),
    await createdBy(store, OTHER),
  ];
  t.same(describe(await store.perform(first.push(first.next(), first.next()))), ['accepted 1', 'accepted 2']);
  const [third, fourth] = [second.next(), second.next()];
  t.same(describe(await store.perform(second.push(third, fourth))), ['accepted 1', 'GROUP_QUOTA_EXCEEDED']);
  t.same(describe(await store.perform(second.push(third))), ['duplicate 1'], 'a repeat needs no room');
  t.same(describe(await store.perform(foreign.push(foreign.next(), foreign.next()))), ['accepted 1', 'accepted 2']);
  await sweepAll(store, { groupBytes: ITEM_COST });
  t.same(describe(await store.perform(second.push(fourth))), ['accepted 2'], 'what was removed counts no more');
  t.same(describe(await store.perform(first.push(first.next()))), ['GROUP_QUOTA_EXCEEDED']);
});

t.test('RL-81 finding/R5 groups.total_bytes_max: all groups share what the operator gives', async (t) => {
  const store = await openStore(t.testdir(), clock, { quotas: { totalBytesMax: 3 * ITEM_COST } });
  t.teardown(() => store.close());
  const [one, other] = [await createdBy(store, ONE), await createdBy(store, OTHER)];
  const pushes = [one.push(one.next(), one.next()), other.push(other.next(), other.next())];
  const results = await Promise.all(pushes.map((push) => store.perform(push)));
  t.same(results.map(describe), [
    ['accepted 1', 'accepted 2'],
    ['accepted 1', 'GROUP_QUOTA_EXCEEDED'],
  ]);
});

t.test('RL-81 the sums are right after a refused transaction and after a restart', async (t) => {
  const directory = t.testdir();
  const quotas = { creatorBytesMax: 2 * ITEM_COST, totalBytesMax: 100 * ITEM_COST };
  const store = await openStore(directory, clock, { quotas });
  const sender = await createdBy(store, ONE);
  const intruder = new Database(`${directory}/${DATABASE_FILE}`);
  intruder.exec('BEGIN IMMEDIATE');
  const item = sender.next();
  await t.rejects(store.perform(sender.push(item)));
  intruder.exec('ROLLBACK');
  intruder.close();
  t.same(describe(await store.perform(sender.push(item, sender.next()))), ['accepted 1', 'accepted 2']);
  await store.close();
  const again = await openStore(directory, clock, { quotas });
  t.teardown(() => again.close());
  t.same(describe(await again.perform(sender.push(sender.next()))), ['GROUP_QUOTA_EXCEEDED']);
});
