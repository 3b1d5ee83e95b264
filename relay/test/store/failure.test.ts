import { spawn } from 'node:child_process';
import {
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { VirtualClock } from '@0k-sync/testkit/time';
import Database from 'better-sqlite3';
import t from 'tap';
import { OperatorFailure } from '../../src/operator/failure.ts';
import { DATABASE_FILE } from '../../src/store/database.ts';
import type { SqliteStore } from '../../src/store/index.ts';
import { describe, enrol, openStore, readAll, Sender } from '../support/store.ts';

const clock = new VirtualClock();
const MIB = 1024 * 1024;
const PAGE_BYTES = 8192;

t.test('RL-21 what was acknowledged survives SIGKILL in the middle of the load', async (t) => {
  const directory = t.testdir();
  for (const after of [50, 400, 1500]) {
    const place = join(directory, String(after));
    const script = new URL('../support/pusher.ts', import.meta.url).pathname;
    const child = spawn(process.execPath, [...process.execArgv, script, place], { stdio: ['pipe', 'pipe', 'inherit'] });
    const acknowledged = new Map<number, string>();
    let group = 0;
    for await (const line of createInterface(child.stdout)) {
      const [first = '', second = ''] = line.split(' ');
      if (first === 'group') group = Number(second);
      else if (second.length === 64) acknowledged.set(Number(first), second);
      if (acknowledged.size === after) child.kill('SIGKILL');
    }
    t.ok(acknowledged.size >= after);
    const store = await openStore(place, clock);
    const lost = [...acknowledged].filter(
      ([cursor, hash]) => !store.continues({ group, after: cursor, hash: Buffer.from(hash, 'hex'), expiredUntilMs: 0 }),
    );
    t.same(lost, []);
    const cursors = readAll(store, group);
    t.same(
      cursors,
      cursors.map((_, index) => index + 1),
    );
    await store.close();
  }
});

async function refusalOf(pushing: Promise<unknown>): Promise<string> {
  return pushing.then(
    () => 'accepted',
    (error) => error.failure.kind,
  );
}

t.test('RL-66 abuse/disk-full a full database refuses, loses nothing and recovers when there is room', async (t) => {
  const store = await openStore(t.testdir(), clock, { database: { databaseBytesMax: MIB } });
  t.teardown(() => store.close());
  const sender = new Sender(await enrol(store));
  const { group } = sender.device.opened;
  let stored = 0;
  let item = sender.next(10_000);
  while ((await refusalOf(store.perform(sender.push(item)))) === 'accepted') {
    stored += 1;
    item = sender.next(10_000);
  }
  t.equal(await refusalOf(store.perform(sender.push(item))), 'full', 'and again');
  t.equal(readAll(store, group).length, stored, 'what was acknowledged is served');
  const policy = { clockMs: 0, expireUntilMs: 0, groupBytes: 300_000, removeAcknowledged: false } as const;
  await store.perform({ kind: 'sweep', position: { group: 0, removed: 0 }, ...policy });
  t.same(describe(await store.perform(sender.push(item))), [`accepted ${stored + 1}`]);
});

t.test('RL-66 a locked database refuses the whole batch and recovers', async (t) => {
  const directory = t.testdir();
  const failures: string[] = [];
  const listener = { refused: ({ kind }: { kind: string }) => void failures.push(kind) };
  const store = await openStore(directory, clock, { listener });
  t.teardown(() => store.close());
  const sender = new Sender(await enrol(store));
  const intruder = new Database(join(directory, DATABASE_FILE));
  intruder.exec('BEGIN IMMEDIATE');
  const [one, two] = [sender.next(), sender.next()];
  const both = [store.perform(sender.push(one)), store.perform(sender.push(two))];
  t.same(await Promise.all(both.map(refusalOf)), ['locked', 'locked']);
  t.same(failures, ['locked']);
  intruder.exec('ROLLBACK');
  intruder.close();
  t.same(describe(await store.perform(sender.push(one, two))), ['accepted 1', 'accepted 2']);
});

/** Fills a database and closes it, so that everything is in its main file. */
async function filledStore(directory: string): Promise<{ sender: Sender; file: string }> {
  const store = await openStore(directory, clock);
  const sender = new Sender(await enrol(store));
  for (let round = 0; round < 10; round += 1) {
    await store.perform(sender.push(...Array.from({ length: 50 }, () => sender.next(2000))));
  }
  await store.close();
  return { sender, file: join(directory, DATABASE_FILE) };
}

async function openFailure(directory: string): Promise<OperatorFailure> {
  const opened = await openStore(directory, clock).then(
    (store: SqliteStore) => store.close(),
    (error) => error,
  );
  if (!(opened instanceof OperatorFailure)) throw new Error(`it opened: ${opened}`);
  return opened;
}

t.test('RL-66 a database that is none is refused at the start with one sentence and a hint', async (t) => {
  const directory = t.testdir();
  const garbage = join(directory, DATABASE_FILE);
  writeFileSync(garbage, Buffer.alloc(100_000, 'no database '));
  const failure = await openFailure(directory);
  t.match(failure.message, /^the database in .* cannot be opened: SQLITE_NOTADB/);
  t.match(failure.hint, /backup/);
  t.equal(statSync(garbage).size, 100_000, 'it is left as it is');
});

t.test('RL-66 a truncated database is refused at the start', async (t) => {
  const directory = t.testdir();
  const { file } = await filledStore(directory);
  truncateSync(file, 20_000);
  const failure = await openFailure(directory);
  t.match(failure.message, /SQLITE_CORRUPT/);
});

t.test('RL-66 damage inside refuses what needs it and not the rest', async (t) => {
  const directory = t.testdir();
  const { sender, file } = await filledStore(directory);
  const handle = openSync(file, 'r+');
  const damage = Buffer.alloc(PAGE_BYTES, 0xff);
  const pages = statSync(file).size / PAGE_BYTES;
  for (let page = Math.floor(pages / 2); page < pages; page += 1)
    writeSync(handle, damage, 0, PAGE_BYTES, page * PAGE_BYTES);
  closeSync(handle);
  const store = await openStore(directory, clock).catch((error) => error);
  if (store instanceof OperatorFailure) {
    t.match(store.message, /SQLITE_CORRUPT/);
    return;
  }
  const item = sender.next();
  t.equal(await refusalOf(store.perform(sender.push(item))), 'corrupt');
  t.throws(() => readAll(store, sender.device.opened.group), /SQLITE_CORRUPT/);
  t.equal(await refusalOf(store.perform(sender.push(item))), 'corrupt', 'and the writer still answers');
  await store.close();
});

t.test('SC-22 a directory that cannot be made is refused at the start', async (t) => {
  const directory = t.testdir({ file: 'x' });
  const failure = await openFailure(join(directory, 'file', 'data'));
  t.match(failure.message, /^the database in .* cannot be opened/);
});

t.test('GR-13 lesson/secret-files the directory and its files belong to the owner alone', async (t) => {
  const directory = join(t.testdir(), 'data');
  const store = await openStore(directory, clock);
  const sender = new Sender(await enrol(store));
  await store.perform(sender.push(sender.next()));
  t.equal(statSync(directory).mode & 0o777, 0o700);
  for (const name of readdirSync(directory)) t.equal(statSync(join(directory, name)).mode & 0o077, 0, name);
  await store.close();
  t.ok(existsSync(join(directory, DATABASE_FILE)));
});

t.test('RL-66 closing settles what was submitted', async (t) => {
  const store = await openStore(t.testdir(), clock);
  const sender = new Sender(await enrol(store));
  const pushing = Array.from({ length: 100 }, () => store.perform(sender.push(sender.next())));
  await store.close();
  t.equal(describe((await Promise.all(pushing)).flat()).at(-1), 'accepted 100');
});

t.test('RL-62 what waits for the disk is bounded', async (t) => {
  const store = await openStore(t.testdir(), clock);
  const sender = new Sender(await enrol(store));
  const pushing = Array.from({ length: 300 }, () => refusalOf(store.perform(sender.push(sender.next(260_000)))));
  const refusals = await Promise.all(pushing);
  t.ok(refusals.includes('overloaded'));
  t.ok(refusals.includes('accepted'));
  t.equal(store.waiting, 0);
  await store.close();
});
