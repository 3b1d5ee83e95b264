import { statSync } from 'node:fs';
import { join } from 'node:path';
import { VirtualClock } from '@0k-sync/testkit/time';
import Database from 'better-sqlite3';
import t from 'tap';
import { DATABASE_FILE } from '../../src/store/database.ts';
import { enrol, openStore, Sender } from '../support/store.ts';

const clock = new VirtualClock();

t.test('storage.batch_items_max and storage.batch_bytes_max bound a transaction', async (t) => {
  const limits = [{ batchItemsMax: 10 }, { batchBytesMax: 65_536 }];
  for (const [index, commit] of limits.entries()) {
    const batches: number[] = [];
    const listener = { committed: (items: number) => void batches.push(items) };
    const store = await openStore(join(t.testdirName, `batch-${index}`), clock, { commit, listener });
    const sender = new Sender(await enrol(store));
    batches.length = 0;
    await Promise.all(Array.from({ length: 200 }, () => store.perform(sender.push(sender.next(2000)))));
    t.ok(Math.max(...batches) <= 33, `${Math.max(...batches)}`);
    t.equal(
      batches.reduce((sum, items) => sum + items, 0),
      200,
    );
    if (index === 0) t.equal(Math.max(...batches), 10);
    await store.close();
  }
});

t.test('storage.wal_autocheckpoint_pages: how long the write-ahead log grows', async (t) => {
  const sizes: number[] = [];
  for (const walAutocheckpointPages of [100, 1_000_000]) {
    const directory = join(t.testdirName, `wal-${walAutocheckpointPages}`);
    const store = await openStore(directory, clock, { database: { walAutocheckpointPages } });
    const sender = new Sender(await enrol(store));
    for (let round = 0; round < 30; round += 1) {
      await store.perform(sender.push(...Array.from({ length: 50 }, () => sender.next(4000))));
    }
    sizes.push(statSync(join(directory, `${DATABASE_FILE}-wal`)).size);
    await store.close();
  }
  const [often = 0, never = 0] = sizes;
  t.ok(never > 3 * often, sizes.join(' '));
});

t.test('storage.lock_wait_ms: how long another program’s lock is waited for', async (t) => {
  const directory = join(t.testdirName, 'lock');
  const store = await openStore(directory, clock, { database: { lockWaitMs: 20_000 } });
  t.teardown(() => store.close());
  const sender = new Sender(await enrol(store));
  const intruder = new Database(join(directory, DATABASE_FILE));
  intruder.exec('BEGIN IMMEDIATE');
  const pushing = store.perform(sender.push(sender.next()));
  const other = new Database(join(directory, DATABASE_FILE), { timeout: 100 });
  t.throws(() => other.exec('BEGIN IMMEDIATE'), { code: 'SQLITE_BUSY' }, 'another program waited, in vain');
  other.close();
  t.equal(store.waiting, 1, 'the relay still waits');
  intruder.exec('ROLLBACK');
  intruder.close();
  t.equal((await pushing)[0]?.cursor, 1);
});
