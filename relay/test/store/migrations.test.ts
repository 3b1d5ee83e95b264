import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { VirtualClock } from '@0k-sync/testkit/time';
import Database from 'better-sqlite3';
import t from 'tap';
import { DATABASE_FILE } from '../../src/store/database.ts';
import * as schema from '../../src/store/schema.ts';
import { openStore } from '../support/store.ts';

type Kit = typeof import('drizzle-kit/api');
type Snapshot = Awaited<ReturnType<Kit['generateSQLiteDrizzleJson']>>;

const { generateSQLiteDrizzleJson, generateSQLiteMigration } = createRequire(import.meta.url)('drizzle-kit/api') as Kit;
const MIGRATIONS = new URL('../../migrations/meta/', import.meta.url);

const readJson = <Value>(name: string): Value => JSON.parse(readFileSync(new URL(name, MIGRATIONS), 'utf8')) as Value;

t.test('the last migration leaves exactly the tables of schema.ts', async (t) => {
  const { entries } = readJson<{ entries: { idx: number }[] }>('_journal.json');
  const last = String(entries.at(-1)?.idx ?? 0).padStart(4, '0');
  const migrated = readJson<Snapshot>(`${last}_snapshot.json`);
  const current = await generateSQLiteDrizzleJson({ ...schema }, migrated.id);
  t.strictSame(await generateSQLiteMigration(migrated, current), []);
  const shrunk = await generateSQLiteDrizzleJson({ groups: schema.groups }, migrated.id);
  t.not((await generateSQLiteMigration(migrated, shrunk)).length, 0, 'a table that is missing would be seen');
});

/** Makes a database as the first version left it. @returns it, open */
function anOldDatabase(directory: string): Database.Database {
  const database = new Database(join(directory, DATABASE_FILE));
  const { entries } = readJson<{ entries: { when: number }[] }>('_journal.json');
  database.exec(
    readFileSync(new URL('../0000_initial.sql', MIGRATIONS), 'utf8').replaceAll('--> statement-breakpoint', ''),
  );
  database.exec('CREATE TABLE __drizzle_migrations (id INTEGER PRIMARY KEY, hash TEXT NOT NULL, created_at NUMERIC)');
  database.prepare('INSERT INTO __drizzle_migrations (hash, created_at) VALUES (?, ?)').run('', entries[0]?.when);
  database.exec('INSERT INTO groups (id, group_id, auth_key, created_at_ms) VALUES (1, zeroblob(32), zeroblob(32), 1)');
  database.exec("INSERT INTO devices VALUES (1, 1, zeroblob(32), x'00', x'00', x'00', 1)");
  database.exec('INSERT INTO cursors (device_row) VALUES (1)');
  return database;
}

t.test('a database from before stubs is migrated as long as it has no envelopes', async (t) => {
  const directory = t.testdir();
  anOldDatabase(directory).close();
  const store = await openStore(directory, new VirtualClock());
  t.teardown(() => store.close());
  t.equal(store.listDevices(1).records.length, 1);
});

t.test('EN-12 a database with envelopes from before stubs is refused with one sentence and what to do', async (t) => {
  const directory = t.testdir();
  const database = anOldDatabase(directory);
  database.exec('UPDATE cursors SET head_sequence = 1, head_hash = zeroblob(32)');
  database.close();
  await t.rejects(openStore(directory, new VirtualClock()), {
    message: /^the database in .* cannot be opened: an older version made it, and the hashes of its envelopes mean/,
    hint: /^move relay\.sqlite away and keep relay\.key/,
  });
});
