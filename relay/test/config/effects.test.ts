import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { readConfig } from '../../src/config/read.ts';
import { sections } from '../../src/config/sections.ts';
import { createLog } from '../../src/log.ts';
import { storeSettings } from '../../src/store-settings.ts';

const TESTS = fileURLToPath(new URL('..', import.meta.url));

function testsBesides(self: string): string {
  const files = readdirSync(TESTS, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  return files
    .filter((name) => !name.endsWith(self))
    .map((name) => readFileSync(join(TESTS, name), 'utf8'))
    .join('\n');
}

/** Options that store tests name as the store does, in camel case. */
function namesOf(key: string): string[] {
  return [key, key.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())];
}

t.test(
  'lesson/config-has-effect CLI-004 every option of relay.toml is set by a test that watches its effect',
  async (t) => {
    const text = testsBesides('effects.test.ts') + readFileSync(fileURLToPath(import.meta.url), 'utf8');
    for (const [section, schema] of Object.entries(sections)) {
      for (const key of Object.keys(schema.shape)) {
        const isSet = namesOf(key).some((name) =>
          new RegExp(`\\b${name}\\b['"]?( =|:|\\b\\])|_${key.toUpperCase()}\\b`).test(text),
        );
        t.ok(isSet, `${section}.${key}`);
      }
    }
  },
);

t.test('what the store takes from relay.toml reaches it', async (t) => {
  const config = readConfig(
    {
      storage: { directory: 'x', database_bytes_max: 1, wal_autocheckpoint_pages: 102, lock_wait_ms: 3 },
      groups: { bytes_max: 4, envelopes_max: 5, devices_max: 6, mailboxes_max: 7, invite_lifetime_ms_max: 1008 },
      limits: { sessions_per_device_max: 1 },
      log: { audit_rows_max: 10 },
    },
    [],
    'test',
  );
  const batch = readConfig({ storage: { batch_items_max: 11, batch_bytes_max: 65_537 } }, [], 'test');
  const { writer } = storeSettings(config, () => 0);
  t.same(writer.database, { directory: 'x', databaseBytesMax: 1, walAutocheckpointPages: 102, lockWaitMs: 3 });
  t.same(Object.values(writer.quotas), [4, 5, 6, 7, 1008, 1, 10]);
  t.match(storeSettings(batch, () => 0).commit, { batchItemsMax: 11, batchBytesMax: 65_537 });
});

t.test('log.level and log.file', async (t) => {
  const file = join(t.testdir(), 'relay.log');
  for (const level of ['info', 'error', 'silent'] as const) {
    const log = createLog({ level, file, audit_rows_max: 0 });
    log.info(`info at ${level}`);
    log.error(`error at ${level}`);
  }
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  t.same(
    lines.map((line) => JSON.parse(line).msg),
    ['info at info', 'error at info', 'error at error'],
  );
  t.throws(() => createLog({ level: 'info', file: join(file, 'below'), audit_rows_max: 0 }), /cannot be written/);
});
