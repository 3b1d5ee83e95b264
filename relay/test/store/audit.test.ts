import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { VirtualClock } from '@0k-sync/testkit/time';
import Database from 'better-sqlite3';
import t, { type Test } from 'tap';
import { DATABASE_FILE } from '../../src/store/database.ts';
import type { SqliteStore } from '../../src/store/index.ts';
import { AUDIT_EVENTS } from '../../src/store/writer/audit.ts';
import { type EnrolledDevice, enrol, openStore } from '../support/store.ts';

interface Row {
  readonly event: string;
  readonly group_prefix: string;
  readonly detail: string;
}

async function setting(t: Test, auditRowsMax: number) {
  const clock = new VirtualClock();
  const directory = t.testdir();
  const store = await openStore(directory, clock, { quotas: { auditRowsMax, mailboxesMax: 1_000_000 } });
  t.teardown(() => store.close());
  const rows = (): Row[] => {
    const database = new Database(join(directory, DATABASE_FILE), { readonly: true });
    const found = database.prepare('SELECT event, group_prefix, detail FROM audit_log ORDER BY id').all() as Row[];
    database.close();
    return found;
  };
  const countOf = (wanted: string) => rows().filter(({ event }) => event === wanted).length;
  return { clock, store, rows, countOf };
}

/** Puts mailboxes, each of which is worth a row. */
async function putMany(store: SqliteStore, { opened: { group } }: EnrolledDevice, count: number): Promise<void> {
  const put = () =>
    ({ kind: 'mailbox-put', requestId: 1, group, payload: randomBytes(1), expiresInMs: 600_000 }) as const;
  await Promise.all(Array.from({ length: count }, () => store.perform({ ...put(), mailboxId: randomBytes(16) })));
}

t.test('RL-65 RL-87 log.audit_rows_max: rows name no full id, and 0 keeps none', async (t) => {
  const { store, rows } = await setting(t, 1000);
  const { groupId } = await enrol(store);
  const prefix = Buffer.from(groupId).toString('hex', 0, 4);
  t.same(rows(), [
    { event: 'group-created', group_prefix: prefix, detail: '' },
    { event: 'device-enrolled', group_prefix: prefix, detail: 'devices=1' },
  ]);
  const silent = await setting(t, 0);
  await enrol(silent.store);
  t.same(silent.rows(), []);
});

t.test(
  'RL-87 finding/R11 one device leaves few rows of a kind in a minute, and the next one counts the rest',
  async (t) => {
    const { clock, store, rows, countOf } = await setting(t, 1_000_000);
    const [busy, quiet] = [await enrol(store), await enrol(store)];
    await putMany(store, busy, 5000);
    t.equal(countOf('invite-put'), 10);
    await putMany(store, quiet, 1);
    t.equal(countOf('invite-put'), 11, 'another group has a rate of its own');
    await clock.advance(60_000);
    await putMany(store, busy, 1);
    t.match(rows().at(-1), { event: 'invite-put', detail: / omitted=4990$/ });
  },
);

t.test(
  'RL-87 finding/R11 one group washes out nothing of another group, and one kind nothing of another',
  async (t) => {
    const { clock, store, rows, countOf } = await setting(t, 1_000_000);
    const [busy, quiet] = [await enrol(store), await enrol(store)];
    await putMany(store, quiet, 1);
    for (let minute = 0; minute < 30; minute += 1) {
      await putMany(store, busy, 10);
      await clock.advance(60_000);
    }
    t.equal(countOf('invite-put'), 1 + 100, 'of the busy group the newest 100');
    t.equal(rows()[4]?.event, 'invite-put', 'the row of the quiet group is still there');
  },
);

t.test('RL-87 finding/R11 each kind is bounded, and shrinks by a few rows with each row that is added', async (t) => {
  const keep = 3;
  const { store, rows, countOf } = await setting(t, keep * AUDIT_EVENTS.length);
  const first = await enrol(store);
  await putMany(store, first, 1);
  for (let index = 0; index < 20; index += 1) await enrol(store);
  t.equal(countOf('group-created'), keep);
  t.equal(countOf('device-enrolled'), keep);
  t.equal(countOf('invite-put'), 1, 'another kind keeps its row');
  t.equal(rows().length, 2 * keep + 1);
});

t.test('RL-87 a log that is longer than the configured bound shrinks with the rows that come', async (t) => {
  const directory = t.testdir();
  const clock = new VirtualClock();
  const long = await openStore(directory, clock, { quotas: { auditRowsMax: 800 } });
  for (let index = 0; index < 20; index += 1) await enrol(long);
  await long.close();
  const short = await openStore(directory, clock, { quotas: { auditRowsMax: 8 } });
  t.teardown(() => short.close());
  const count = () => {
    const database = new Database(join(directory, DATABASE_FILE), { readonly: true });
    const rows = database.prepare("SELECT count(*) FROM audit_log WHERE event = 'group-created'").pluck().get();
    database.close();
    return rows;
  };
  await enrol(short);
  t.equal(count(), 19, 'one came and two went');
  for (let index = 0; index < 30; index += 1) await enrol(short);
  t.equal(count(), 1);
});
