import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { errors } from '@0k-sync/generated/errors';
import { CREDIT_BYTES_MAX } from '@0k-sync/generated/limits';
import { Device } from '@0k-sync/testkit/author';
import { freeTcpPort } from '@0k-sync/testkit/ports';
import type { RawClient } from '@0k-sync/testkit/raw';
import t, { type Test } from 'tap';
import { connect, member } from '../support/client.ts';
import { smallDisk } from '../support/faults/small-disk.ts';
import { get } from '../support/http.ts';
import { RelayProcess } from '../support/process.ts';

const MIB = 1024 * 1024;
const DISK_BYTES = 5 * MIB;
const RESERVE_BYTES = MIB;
const UNAVAILABLE = errors.STORAGE_UNAVAILABLE.number;
const LARGE = 'x'.repeat(100_000);

/** Pushes one large envelope. @returns the number of the refusal; undefined when it was stored */
async function pushLarge(client: RawClient, items: ReturnType<Device['items']>): Promise<number | undefined> {
  const answer = await client.answer(client.send({ $case: 'push', value: { items } }));
  if (answer.$case === 'error') return answer.value.code;
  return undefined;
}

/** Counts the envelopes that the relay serves from the first on. */
async function countServed(client: RawClient): Promise<number> {
  client.subscribe(0, CREDIT_BYTES_MAX);
  for (let count = 0; ; ) {
    const { envelopes, next, head } = await client.nextDelivery();
    count += envelopes.length;
    if (next === head) return count;
  }
}

/** A relay on a small disk, and how to start it again. */
async function setting(t: Test) {
  const disk = smallDisk(t, DISK_BYTES);
  const adminPort = await freeTcpPort();
  const start = (retention = '') => {
    const sections = `reserve_bytes = ${RESERVE_BYTES}\nwal_autocheckpoint_pages = 100\n[http]\nport = ${adminPort}\n${retention}`;
    return RelayProcess.start(t, disk.folder, sections, 0, '', disk.environment);
  };
  return { disk, adminPort, start, reserve: join(disk.folder, 'data', 'relay.reserve') };
}

/** Fills the disk, and pushes until the relay refuses. @returns the number of envelopes stored, and the refused push */
async function fillByPushing(t: Test, client: RawClient, device: Device, fill: () => void) {
  let stored = 0;
  for (; stored < 18; stored += 1) await client.push(device.items(1, LARGE));
  for (;;) {
    fill();
    const refused = device.items(1, LARGE);
    const refusal = await pushLarge(client, refused);
    if (refusal === undefined) stored += 1;
    else {
      t.equal(refusal, UNAVAILABLE);
      return { stored, refused };
    }
  }
}

t.test('RL-66 RL-85 finding/R5 a full disk refuses writes, and everybody enrolled goes on reading', async (t) => {
  const { disk, adminPort, start, reserve } = await setting(t);
  const relay = await start();
  const device = new Device();
  const sibling = device.sibling();
  const client = await member(t, relay, device);
  await (await member(t, relay, sibling)).close();
  const { stored, refused } = await fillByPushing(t, client, device, disk.fill);
  t.equal(statSync(reserve).size, RESERVE_BYTES, 'pushes do not touch the reserve');
  const again = await connect(t, relay);
  const ack = await again.hello(sibling, { enrolment: false });
  t.equal(ack.head, BigInt(stored), 'Hello of an enrolled device');
  t.equal(await countServed(again), stored, 'everything acknowledged is served');
  const ready = await get(adminPort, '/ready');
  t.equal(ready.status, 503);
  t.match(ready.body, /the disk or the database is full/);
  const { body } = await get(adminPort, '/metrics');
  t.match(body, /zerok_storage_failures_total\{kind="full",access="write"\} [1-9]/);
  t.equal(relay.log.filter((line) => line.includes('storage fails')).length, 1, 'told once');
  disk.free();
  t.equal(await pushLarge(client, refused), undefined, 'it resumes when there is room');
  t.equal((await get(adminPort, '/ready')).status, 200);
});

t.test('RL-83 finding/R5 the relay starts on a full disk, after a kill and after a stop', async (t) => {
  const { disk, start, reserve } = await setting(t);
  let relay = await start();
  const device = new Device();
  const { stored } = await fillByPushing(t, await member(t, relay, device), device, disk.fill);
  for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
    // With room to stop in, SQLite removes its log, which the next start has to make again.
    disk.free();
    await relay.end(signal);
    disk.fill();
    relay = await start();
    const client = await connect(t, relay);
    await client.hello(device, { enrolment: false });
    t.equal(await countServed(client), stored, `after ${signal}`);
  }
  t.notOk(existsSync(reserve), 'the reserve made room for the start');
  t.ok(
    relay.log.some((line) => line.includes('storage fails') && line.includes('kept for removal')),
    'which is told',
  );
});

t.test(
  'RL-82 finding/R5 storage.reserve_bytes: retention removes envelopes on a full disk, and pushes go on in their place',
  async (t) => {
    const { disk, start, reserve } = await setting(t);
    const first = await start();
    const device = new Device();
    const { stored, refused } = await fillByPushing(t, await member(t, first, device), device, disk.fill);
    await first.end('SIGKILL');
    disk.fill();
    const relay = await start('[retention]\ngroup_bytes = 1000000\nsweep_seconds = 1');
    const client = await member(t, relay, device);
    while ((await pushLarge(client, refused)) !== undefined);
    const { removedThrough, head } = await client.pullSegment();
    t.ok(removedThrough > 0n, 'old envelopes made room');
    t.equal(head, BigInt(stored + 1));
    t.notOk(existsSync(reserve), 'the reserve is not back while the disk is full');
    disk.free();
    while (!existsSync(reserve)) await pushLarge(client, device.items(1, LARGE));
    t.equal(statSync(reserve).size, RESERVE_BYTES, 'it is back when there is room');
  },
);
