import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { bytes, deviceStoreContract, sampleOutboxEntry, storeContract } from '@0k-sync/testkit/contract/store';
import Database from 'better-sqlite3';
import t, { type Test } from 'tap';
import { SqliteDeviceStore } from '../../src/node/sqlite/device-store.ts';
import { SqliteStore } from '../../src/node/sqlite/sqlite-store.ts';
import { syncError } from '../support/expect.ts';

const pathIn = (test: Test) => join(test.testdir(), 'device', 'client.sqlite');

const directory = t.testdir();
let stores = 0;

storeContract(
  (title, body) => t.test(`sqlite: ${title}`, body),
  async () => {
    stores += 1;
    return new SqliteStore(join(directory, String(stores), 'client.sqlite'));
  },
);

deviceStoreContract(
  (title, body) => t.test(`sqlite: ${title}`, body),
  async () => {
    stores += 1;
    return new SqliteDeviceStore(join(directory, String(stores), 'client.sqlite'));
  },
);

/** A process that opens the store at `path` and enqueues without end, telling each id once it is durable. */
function startWriter(path: string): ChildProcess {
  const script = join(import.meta.dirname, 'fixtures', 'writer.ts');
  return spawn(process.execPath, ['--conditions=@0k-sync/source', script, path], { stdio: ['ignore', 'pipe', 'pipe'] });
}

t.test('lesson/outbox-durable CL-20 what was queued survives a kill -9', async (test) => {
  const path = pathIn(test);
  const writer = startWriter(path);
  const exit = once(writer, 'exit');
  const told: string[] = [];
  for await (const line of createInterface({ input: writer.stdout as NodeJS.ReadableStream })) {
    told.push(line);
    if (told.length === 200) writer.kill('SIGKILL');
  }
  const [, signal] = await exit;
  test.equal(signal, 'SIGKILL');
  const store = new SqliteStore(path);
  const kept = new Set((await store.outbox(0, 100_000)).map((entry) => Buffer.from(entry.id).toString('hex')));
  test.ok(told.length >= 200);
  test.same(
    told.filter((id) => !kept.has(id)),
    [],
  );
  await store.close();
});

t.test('GR-12 a second process is refused with a clear message', async (test) => {
  const path = pathIn(test);
  const store = new SqliteStore(path);
  const writer = startWriter(path);
  const exit = once(writer, 'exit');
  let text = '';
  for await (const chunk of writer.stderr ?? []) text += chunk;
  const [code] = await exit;
  test.equal(code, 1);
  test.match(text, /client\.sqlite is in use by another process\./);
  await store.commit([{ kind: 'enqueue', entry: sampleOutboxEntry(1) }]);
  test.throws(
    () => new SqliteStore(path),
    syncError({ kind: 'store', hint: /data directory/ }),
    'also within one process',
  );
  await store.close();
  await new SqliteStore(path).close();
});

t.test('GR-13 lesson/secret-files the files are private from their creation', async (test) => {
  const path = pathIn(test);
  const before = process.umask(0);
  const store = new SqliteStore(path);
  process.umask(before);
  await store.commit([{ kind: 'identity', seed: bytes(1) }]);
  test.equal(statSync(join(path, '..')).mode & 0o777, 0o700);
  test.equal(statSync(path).mode & 0o777, 0o600);
  test.equal(statSync(`${path}-wal`).mode & 0o777, 0o600);
  await store.close();
  chmodSync(path, 0o640);
  test.throws(() => new SqliteStore(path), syncError({ kind: 'store', hint: /chmod 600/ }));
});

t.test('a database of a newer version is refused and left alone', async (test) => {
  const path = pathIn(test);
  await new SqliteStore(path).close();
  const database = new Database(path);
  database.pragma('user_version = 99');
  database.close();
  const content = readFileSync(path);
  test.throws(() => new SqliteStore(path), syncError({ kind: 'store', message: /newer version/ }));
  test.same(readFileSync(path), content);
});

t.test('a file that is no database is refused with a hint', async (test) => {
  const directory = test.testdir({ 'client.sqlite': 'not a database, but long enough to have a header of one' });
  chmodSync(join(directory, 'client.sqlite'), 0o600);
  test.throws(() => new SqliteStore(join(directory, 'client.sqlite')), syncError({ kind: 'store', hint: /copy/ }));
});

t.test('CL-20 a store that cannot write says so', async (test) => {
  const store = new SqliteStore(pathIn(test));
  await store.close();
  await test.rejects(store.commit([{ kind: 'enqueue', entry: sampleOutboxEntry(1) }]), syncError({ kind: 'store' }));
});

t.test('data survives closing and opening', async (test) => {
  const path = pathIn(test);
  const store = new SqliteStore(path);
  await store.commit([
    { kind: 'identity', seed: bytes(7) },
    { kind: 'enqueue', entry: sampleOutboxEntry(1) },
  ]);
  await store.close();
  const again = new SqliteStore(path);
  const loaded = await again.load();
  test.same(loaded.seed, bytes(7));
  test.equal(loaded.outboxCount, 1);
  await again.close();
});
