import { join } from 'node:path';
import { crypto } from '@0k-sync/testkit/crypto';
import { VirtualClock } from '@0k-sync/testkit/time';
import Database from 'better-sqlite3';
import t from 'tap';
import { DATABASE_FILE, openForWriting } from '../../src/store/database.ts';
import { packPushes } from '../../src/store/messages/push-pack.ts';
import { ResultReader } from '../../src/store/messages/result-pack.ts';
import type { Push } from '../../src/store/port.ts';
import { BatchWriter } from '../../src/store/writer/batch.ts';
import { describe, enrol, openStore, Sender, settingsFor } from '../support/store.ts';

const clock = new VirtualClock();
const PUSHERS = 50;
const ROUNDS = 40;

t.test('RL-30 RL-43 lesson/cursor-atomic 50 pushers at once: no cursor twice, none missing, none early', async (t) => {
  const store = await openStore(t.testdir(), clock, { commit: { batchItemsMax: 64 } });
  t.teardown(() => store.close());
  const first = new Sender(await enrol(store));
  const senders = [first];
  while (senders.length < PUSHERS) senders.push(new Sender(await enrol(store, first.device.groupId)));
  const { group } = first.device.opened;
  const acknowledged: number[] = [];
  let reading = true;
  const reader = (async () => {
    for (let after = 0; reading || after < PUSHERS * ROUNDS; ) {
      const stretch = store.readStretch({ group, after, bytesMax: 100_000, itemsMax: 100, expiredUntilMs: 0 });
      const cursors = stretch.envelopes.map(({ cursor }) => Number(cursor));
      const dense = cursors.every((cursor, index) => cursor === after + index + 1);
      if (!dense || stretch.removedThrough !== after) t.fail('a cursor came before the one below it');
      after = stretch.next;
      await new Promise(setImmediate);
    }
  })();
  await Promise.all(
    senders.map(async (sender) => {
      for (let round = 0; round < ROUNDS; round += 1) {
        const [result] = await store.perform(sender.push(sender.next()));
        acknowledged.push(result?.cursor ?? 0);
      }
    }),
  );
  reading = false;
  await reader;
  acknowledged.sort((left, right) => left - right);
  t.same(
    acknowledged,
    Array.from({ length: PUSHERS * ROUNDS }, (_, index) => index + 1),
  );
});

t.test('RL-21 pushes that come together share a transaction, in the order in which they came', async (t) => {
  const batches: number[] = [];
  const store = await openStore(t.testdir(), clock, { listener: { committed: (items) => batches.push(items) } });
  t.teardown(() => store.close());
  const sender = new Sender(await enrol(store));
  batches.length = 0;
  const results = await Promise.all(Array.from({ length: 500 }, () => store.perform(sender.push(sender.next()))));
  t.same(
    results.map((result) => result[0]?.cursor),
    Array.from({ length: 500 }, (_, index) => index + 1),
  );
  t.ok(batches.length <= 3, `${batches.length} transactions`);
});

/** Runs pushes on another writing connection and returns the statements that ran. */
function statementsOf(directory: string, pushes: Push[]): string[] {
  const settings = settingsFor(directory, clock).writer;
  openForWriting(settings.database).close();
  const ran: string[] = [];
  const database = new Database(join(directory, DATABASE_FILE), {
    verbose: (sql) => ran.push(String(sql).replaceAll(/\s+/g, ' ').slice(0, 24)),
  });
  const writer = new BatchWriter(database, settings.quotas, crypto);
  const nowMs = clock.wall();
  for (const push of pushes) {
    ran.length = 0;
    const { result } = writer.write({
      nowMs,
      retentionMs: nowMs,
      commands: [null],
      pushes: packPushes([push], (bytes) => new Uint8Array(bytes)),
    });
    const results = new ResultReader(result.pushes).next();
    if (results.some(({ refusal }) => refusal !== undefined)) throw new Error('the push was refused');
  }
  const last = [...ran];
  database.close();
  return last;
}

t.test(
  'RL-31 abuse/quota-constant-time a push runs the same statements in a large group as in a small one',
  async (t) => {
    const directory = t.testdir({ 0: {}, 1: {} });
    const [small, large] = await Promise.all(
      [200, 20_000].map(async (envelopes, index) => {
        const store = await openStore(join(directory, String(index)), clock);
        const sender = new Sender(await enrol(store));
        for (let pushed = 0; pushed < envelopes; pushed += 200) {
          await store.perform(sender.push(...Array.from({ length: 200 }, () => sender.next())));
        }
        await store.close();
        return statementsOf(join(directory, String(index)), [sender.push(sender.next()), sender.push(sender.next())]);
      }),
    );
    t.same(small, large);
    t.same(small, [
      'BEGIN IMMEDIATE',
      'INSERT INTO envelopes (g',
      'UPDATE groups SET head =',
      'UPDATE cursors SET head_',
      'SELECT total_changes() A',
      'COMMIT',
    ]);
  },
);

t.test('RL-20 one push of many items is one transaction', async (t) => {
  const store = await openStore(t.testdir(), clock);
  t.teardown(() => store.close());
  const sender = new Sender(await enrol(store));
  const results = await store.perform(sender.push(...Array.from({ length: 256 }, () => sender.next())));
  t.equal(describe(results).at(-1), 'accepted 256');
});
