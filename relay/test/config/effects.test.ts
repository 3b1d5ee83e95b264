import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { readConfig } from '../../src/config/read.ts';
import { storeConfig } from '../../src/config/store-config.ts';
import { openLog } from '../../src/observe/log.ts';

const STILL = { wall: () => 0, monotonic: () => 0 };

t.test('what the store takes from relay.toml reaches it', async (t) => {
  const config = readConfig(
    {
      storage: {
        directory: 'x',
        database_bytes_max: 1,
        reserve_bytes: 5,
        wal_autocheckpoint_pages: 102,
        lock_wait_ms: 3,
      },
      groups: {
        bytes_max: 4,
        envelopes_max: 5,
        devices_max: 6,
        mailboxes_max: 7,
        invite_lifetime_ms_max: 1008,
        bytes_per_address_max: 8,
        total_bytes_max: 9,
      },
      log: { audit_rows_max: 10 },
    },
    [],
    'test',
  );
  const batch = readConfig({ storage: { batch_items_max: 11, batch_bytes_max: 65_537 } }, [], 'test');
  const aging = readConfig({ retention: { clock_step_seconds: 9 } }, [], 'test');
  t.equal(storeConfig(aging, STILL).retentionClock.stepMs, 9000);
  const { writer } = storeConfig(config, STILL);
  t.same(writer.database, {
    directory: 'x',
    databaseBytesMax: 1,
    reserveBytes: 5,
    walAutocheckpointPages: 102,
    lockWaitMs: 3,
  });
  t.same(Object.values(writer.quotas), [4, 5, 6, 7, 1008, 8, 9, 10]);
  t.match(storeConfig(batch, STILL).commit, { batchItemsMax: 11, batchBytesMax: 65_537 });
});

t.test('log.level and log.file', async (t) => {
  const file = join(t.testdir(), 'relay.log');
  for (const level of ['info', 'error', 'silent'] as const) {
    const { log } = openLog({ level, file, audit_rows_max: 0 });
    log.info(`info at ${level}`);
    log.error(`error at ${level}`);
  }
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  t.same(
    lines.map((line) => JSON.parse(line).msg),
    ['info at info', 'error at info', 'error at error'],
  );
  t.throws(() => openLog({ level: 'info', file: join(file, 'below'), audit_rows_max: 0 }), /cannot be written/);
});
