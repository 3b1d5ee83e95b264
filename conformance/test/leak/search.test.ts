import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toHex } from '@0k-sync/core/bytes';
import Database from 'better-sqlite3';
import t from 'tap';
import { filesOf, findLeaks } from '../../src/leak/search.ts';

const secret = new Uint8Array(32).map((_, index) => (index * 7 + 129) & 0xff);
const canaries = [{ name: 'seed', secret }];

t.test(
  'SC-23 self-test: a secret in a database is found in its file, and before the checkpoint in its log',
  async (t) => {
    const directory = t.testdir();
    const database = new Database(join(directory, 'relay.sqlite'));
    t.teardown(() => database.close());
    database.pragma('journal_mode = WAL');
    database.exec('CREATE TABLE things (content BLOB)');
    database.pragma('wal_checkpoint(TRUNCATE)');
    database.prepare('INSERT INTO things VALUES (?)').run(Buffer.from(secret));
    const found = () => findLeaks(filesOf(directory), canaries);
    t.strictSame(found(), [{ canary: 'seed', place: 'file relay.sqlite-wal', form: 'raw' }]);
    database.pragma('wal_checkpoint(TRUNCATE)');
    t.strictSame(found(), [{ canary: 'seed', place: 'file relay.sqlite', form: 'raw' }]);
  },
);

t.test('SC-23 self-test: a secret in a log or any other file, in any folder, is found', async (t) => {
  const directory = t.testdir();
  mkdirSync(join(directory, 'data/blobs'), { recursive: true });
  writeFileSync(join(directory, 'relay.log'), 'started\n');
  writeFileSync(join(directory, 'data/blobs/aa'), 'nothing');
  t.strictSame(findLeaks(filesOf(directory), canaries), []);
  appendFileSync(join(directory, 'relay.log'), JSON.stringify({ key: toHex(secret) }));
  appendFileSync(join(directory, 'data/blobs/aa'), JSON.stringify([...secret]));
  t.strictSame(
    new Set(findLeaks(filesOf(directory), canaries).map(({ place, form }) => `${place} ${form}`)),
    new Set(['file relay.log hex', 'file data/blobs/aa numbers']),
  );
});
