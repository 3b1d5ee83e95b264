import { closeSync, openSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { errors } from '@0k-sync/generated/errors';
import { Device } from '@0k-sync/testkit/author';
import { freeTcpPort } from '@0k-sync/testkit/ports';
import t from 'tap';
import { connect, member } from '../support/client.ts';
import { FaultyDisk } from '../support/faults/shim.ts';
import { get } from '../support/http.ts';
import { RelayProcess } from '../support/process.ts';

const UNAVAILABLE = errors.STORAGE_UNAVAILABLE.number;
const [EIO, EROFS] = [5, 30];
const PAGE_BYTES = 8192;
const LARGE = 'x'.repeat(20_000);
const PUSHES = 20;

const FAULTS: Readonly<Record<string, string>> = {
  'an fsync that fails': `sync relay.sqlite-wal ${EIO}`,
  'a write that fails': `write relay.sqlite-wal ${EIO}`,
  'a disk that is read-only now': `write relay.sqlite-wal ${EROFS}`,
};

for (const [name, fault] of Object.entries(FAULTS)) {
  t.test(
    `RL-66 RL-84 RL-85 finding/R5 ${name} refuses the push, and the log is emptied before the next ack`,
    async (t) => {
      const disk = FaultyDisk.make(t);
      const directory = t.testdir();
      const log = join(directory, 'data', 'relay.sqlite-wal');
      const adminPort = await freeTcpPort();
      const relay = await RelayProcess.start(t, directory, `[http]\nport = ${adminPort}`, 0, '', disk.environment);
      const device = new Device();
      const client = await member(t, relay, device);
      for (let count = 0; count < PUSHES; count += 1) await client.push(device.items(1, LARGE));
      const grown = statSync(log).size;
      disk.fail(fault);
      const items = device.items(1, LARGE);
      for (let tries = 0; tries < 2; tries += 1) {
        client.send({ $case: 'push', value: { items } });
        t.equal(await client.expectError(), UNAVAILABLE);
      }
      const reader = await connect(t, relay);
      const ack = await reader.hello(device, { enrolment: false });
      t.equal(ack.head, BigInt(PUSHES), 'Hello is answered from what is stored');
      t.ok((await reader.pullSegment()).envelopes.length > 0);
      const ready = await get(adminPort, '/ready');
      t.equal(ready.status, 503);
      t.match(
        (await get(adminPort, '/metrics')).body,
        /zerok_storage_failures_total\{kind="input-output",access="write"\} [1-9]/,
      );
      t.equal(relay.log.filter((line) => line.includes('storage fails')).length, 1);
      disk.fail();
      t.equal((await client.push(items)).results[0]?.cursor, BigInt(PUSHES + 1));
      t.ok(statSync(log).size < grown / 2, 'the log begins anew: what was acknowledged is in the database');
      t.equal((await get(adminPort, '/ready')).status, 200);
      await relay.end('SIGKILL');
      const again = await RelayProcess.start(t, directory, '[http]\nenabled = false');
      const survivor = await connect(t, again);
      t.equal((await survivor.hello(device, { enrolment: false })).head, BigInt(PUSHES + 1));
    },
  );
}

t.test('RL-84 finding/R5 as long as the database cannot be synced, nothing is acknowledged', async (t) => {
  const disk = FaultyDisk.make(t);
  const directory = t.testdir();
  const relay = await RelayProcess.start(t, directory, '[http]\nenabled = false', 0, '', disk.environment);
  const device = new Device();
  const client = await member(t, relay, device);
  const items = device.items(1);
  const refused = async () => {
    client.send({ $case: 'push', value: { items } });
    t.equal(await client.expectError(), UNAVAILABLE);
  };
  disk.fail(`sync relay.sqlite-wal ${EIO}`);
  await refused();
  disk.fail(`sync relay.sqlite ${EIO}`);
  await refused();
  disk.fail();
  t.equal((await client.push(items)).results[0]?.cursor, 1n);
});

t.test(
  'RL-66 RL-85 finding/R10 a corrupt page is logged, counted and shown, and other groups are served',
  async (t) => {
    const directory = t.testdir();
    const adminPort = await freeTcpPort();
    const first = await RelayProcess.start(t, directory, '[http]\nenabled = false');
    const [damaged, whole] = [new Device(), new Device()];
    await (await member(t, first, whole)).push(whole.items(1));
    const reader = damaged.sibling();
    const writer = await member(t, first, damaged);
    await member(t, first, reader);
    for (let count = 0; count < PUSHES; count += 1) await writer.push(damaged.items(1, LARGE));
    t.equal(await first.end('SIGTERM'), 0);
    damageEnd(join(directory, 'data', 'relay.sqlite'));
    const relay = await RelayProcess.start(t, directory, `[http]\nport = ${adminPort}`);
    const [victim, other] = [await connect(t, relay), await connect(t, relay)];
    await victim.hello(reader, { enrolment: false });
    await other.hello(whole, { enrolment: false });
    t.equal((await get(adminPort, '/ready')).status, 200, 'nothing has met the damage yet');
    victim.send({ $case: 'pull', value: { after: 0n, hashAtAfter: new Uint8Array(0), bytesMax: 1_000_000 } });
    t.equal(await victim.expectError(), UNAVAILABLE);
    t.equal((await other.pullSegment()).envelopes.length, 1);
    const ready = await get(adminPort, '/ready');
    t.equal(ready.status, 503, 'a read that works elsewhere does not hide the damage');
    t.match(ready.body, /the database is damaged/);
    t.match((await get(adminPort, '/metrics')).body, /zerok_storage_failures_total\{kind="corrupt",access="read"\} 1/);
    t.ok(relay.log.some((line) => line.includes('storage fails') && line.includes('corrupt') && line.includes('read')));
  },
);

/** Overwrites the last pages of a database, which hold the newest envelopes. */
function damageEnd(file: string): void {
  const descriptor = openSync(file, 'r+');
  const pages = statSync(file).size / PAGE_BYTES;
  for (let page = pages - 10; page < pages; page += 1) {
    writeSync(descriptor, new Uint8Array(PAGE_BYTES).fill(0xff), 0, PAGE_BYTES, page * PAGE_BYTES);
  }
  closeSync(descriptor);
}
