/**
 * Durable pushes per second of the store beside raw SQLite with rows of the same bytes, in one run:
 * `node --conditions=@0k-sync/source relay/test/support/throughput.ts [connections] [in flight] [seconds]`.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VirtualClock } from '@0k-sync/testkit/time';
import Database from 'better-sqlite3';
import type { Completion, PushItem } from '../../src/store/port.ts';
import { enrol, openStore, Sender } from './store.ts';

const [connections = 50, inFlight = 16, seconds = 5] = process.argv.slice(2).map(Number);
const CIPHERTEXT_BYTES = 1040;

function rawSqlite(directory: string, batch: number): number {
  const database = new Database(join(directory, 'raw.sqlite'));
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.pragma('wal_autocheckpoint = 4000');
  database.exec('CREATE TABLE rows (id INTEGER PRIMARY KEY, g INTEGER, c INTEGER, body BLOB)');
  database.exec('CREATE UNIQUE INDEX rows_by_cursor ON rows (g, c)');
  const insert = database.prepare('INSERT INTO rows (g, c, body) VALUES (1, ?, ?)');
  const body = randomBytes(CIPHERTEXT_BYTES + 150 + 24 + 64 + 32);
  const start = performance.now();
  let rows = 0;
  while (performance.now() - start < seconds * 1000) {
    database.exec('BEGIN IMMEDIATE');
    for (let index = 0; index < batch; index += 1) {
      rows += 1;
      insert.run(rows, body);
    }
    database.exec('COMMIT');
  }
  database.close();
  return (rows / (performance.now() - start)) * 1000;
}

async function viaStore(directory: string): Promise<{ perSecond: number; batch: number }> {
  const batches: number[] = [];
  const store = await openStore(directory, new VirtualClock(), {
    listener: { committed: (items) => batches.push(items) },
  });
  const first = new Sender(await enrol(store));
  const senders = [first];
  while (senders.length < connections) senders.push(new Sender(await enrol(store, first.device.groupId)));
  const envelope = new Sender(first.device).next(CIPHERTEXT_BYTES);
  batches.length = 0;
  const end = performance.now() + seconds * 1000;
  let done = 0;
  const { promise, resolve } = Promise.withResolvers<void>();
  let open = senders.length * inFlight;
  function submit(sender: Sender): void {
    sender.sequence += 1;
    // Flagging `skip` spares this process the hashes that a device would have made.
    const item: PushItem = { ...envelope, sequence: sender.sequence, skip: true };
    store.submit(sender.push(item), {
      completed: (_: Completion) => {
        done += 1;
        if (performance.now() < end) {
          submit(sender);
          return;
        }
        open -= 1;
        if (open === 0) resolve();
      },
      failed: (_, failure) => {
        throw new Error(failure.message);
      },
    });
  }
  const start = performance.now();
  for (const sender of senders) for (let index = 0; index < inFlight; index += 1) submit(sender);
  await promise;
  const perSecond = (done / (performance.now() - start)) * 1000;
  await store.close();
  return { perSecond, batch: batches.reduce((sum, items) => sum + items, 0) / batches.length };
}

const directory = mkdtempSync(join(tmpdir(), '0k-relay-throughput-'));
try {
  const { perSecond, batch } = await viaStore(directory);
  const raw = rawSqlite(directory, Math.round(batch));
  const ratio = (perSecond / raw).toFixed(2);
  process.stdout.write(
    `store ${Math.round(perSecond)}/s at ${Math.round(batch)} per transaction, raw SQLite ${Math.round(raw)}/s, ratio ${ratio}\n`,
  );
} finally {
  rmSync(directory, { recursive: true });
}
