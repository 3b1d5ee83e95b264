import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import t from 'tap';
import * as schema from '../../src/store/schema.ts';

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
