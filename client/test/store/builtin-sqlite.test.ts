// The store on `node:sqlite`: in this process, better-sqlite3 is not to be found.
import nodeModule from 'node:module';
import { join } from 'node:path';
import { deviceStoreContract, storeContract } from '@0k-sync/testkit/contract/store';
import t from 'tap';
import { loadBetterSqlite3 } from '../../src/node/better-sqlite3.ts';
import { SqliteDeviceStore } from '../../src/node/sqlite/device-store.ts';
import { SqliteStore } from '../../src/node/sqlite/sqlite-store.ts';
import { syncError } from '../support/expect.ts';

const missing = new Set(['better-sqlite3']);
nodeModule.registerHooks({
  resolve: (specifier, context, next) => {
    if (missing.has(specifier)) throw new Error(`${specifier} is not installed`);
    return next(specifier, context);
  },
});

const directory = t.testdir();
let stores = 0;
const nextPath = () => {
  stores += 1;
  return join(directory, String(stores), 'client.sqlite');
};

storeContract(
  (title, body) => t.test(`node:sqlite: ${title}`, body),
  async () => new SqliteStore(nextPath()),
);
deviceStoreContract(
  (title, body) => t.test(`node:sqlite: ${title}`, body),
  async () => new SqliteDeviceStore(nextPath()),
);

t.test('node:sqlite: what is stored is there again, and the file is locked meanwhile', async (test) => {
  const path = nextPath();
  const store = new SqliteStore(path);
  await store.commit([{ kind: 'identity', seed: new Uint8Array(32).fill(7) }]);
  test.throws(() => new SqliteStore(path), syncError({ kind: 'store', message: /is in use by another process/ }));
  await store.close();
  await store.close();
  const again = new SqliteStore(path);
  test.same((await again.load()).seed, new Uint8Array(32).fill(7));
  await again.close();
});

t.test('node:sqlite: a transaction in another one is undone alone', async (test) => {
  const database = new (loadBetterSqlite3())(':memory:');
  database.exec('CREATE TABLE t (n INTEGER)');
  const put = database.prepare('INSERT INTO t VALUES (?)');
  const fail = database.transaction(() => {
    put.run(2);
    throw new Error('undo');
  });
  database.transaction(() => {
    put.run(1);
    test.throws(fail, { message: 'undo' });
    put.run(3);
  })();
  test.strictSame(database.prepare('SELECT n FROM t').pluck().all(), [1, 3]);
  test.throws(fail);
  test.equal(database.prepare('SELECT count(*) FROM t').pluck().get(), 2);
  database.close();
});

t.test('without better-sqlite3 and node:sqlite a store is refused', async (test) => {
  missing.add('node:sqlite');
  test.teardown(() => missing.delete('node:sqlite'));
  const refused = { kind: 'store', message: /better-sqlite3 or node:sqlite/, hint: /--include=optional/ } as const;
  test.throws(() => new SqliteStore(nextPath()), syncError(refused));
});
