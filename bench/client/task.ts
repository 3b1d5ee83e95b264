import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { openDevice, SyncSession } from '@0k-sync/client/node';
import Database from 'better-sqlite3';
import { residentMb } from '../process-usage.ts';
import { rawSqliteRowsPerSecond } from '../raw-sqlite.ts';
import { rounded } from '../statistics.ts';

/** The work of one client process, which uses the library as an app does. */
export type ClientTask =
  | { readonly kind: 'raw'; readonly batch: number }
  /** Makes a group, pushes so many messages, and hands out an invite; stays for more. */
  | { readonly kind: 'write'; readonly relay: string; readonly messages: number }
  /** Queues messages without a link: one after the other, or all at once. */
  | { readonly kind: 'queue'; readonly relay: string; readonly messages: number; readonly awaited: boolean }
  /** Pushes with so many messages in flight until each is acknowledged. */
  | { readonly kind: 'push'; readonly relay: string; readonly messages: number; readonly window: number }
  /** Makes groups that have a relay and nothing to do. */
  | { readonly kind: 'groups'; readonly relay: string; readonly groups: number; readonly dataDir: string }
  /** Opens the device that `groups` made, and waits. */
  | { readonly kind: 'idle'; readonly dataDir: string }
  /** Joins, and reads what the relay has through `messages()`. */
  | { readonly kind: 'sync'; readonly invite: string; readonly messages: number }
  /** Joins, and reads what the relay has through `log.process()`. */
  | { readonly kind: 'process'; readonly invite: string; readonly messages: number }
  /** Joins, pulls, and then reads what is stored here through `messages()`, without a link. */
  | { readonly kind: 'stored'; readonly invite: string; readonly messages: number }
  /** Joins, pulls and closes; then another process opens the device and reads the first page. */
  | { readonly kind: 'open'; readonly invite: string };

/** The figures of one task; all numbers, by name. */
export type Figures = Readonly<Record<string, number>>;

const OPEN = fileURLToPath(new URL('./open.ts', import.meta.url));
const CONTENT = new Uint8Array(1024).fill(0x5a);
const DELAY_RESOLUTION_MS = 1;
const NS_PER_MS = 1e6;
const WARM_UP = 200;
/** So long after opening nothing of it is under way. */
const SETTLE_MS = 2000;
const IDLE_MS = 10_000;

const directory = mkdtempSync(join(tmpdir(), '0k-sync-bench-'));
const dataDir = join(directory, 'data');
process.once('exit', () => rmSync(directory, { recursive: true, force: true }));

let commits = 0;
countCommits();

/** Counts the transactions of every database: each one that writes costs one fsync. */
function countCommits(): void {
  const { transaction } = Database.prototype;
  Database.prototype.transaction = function counted(
    this: Database.Database,
    work: (...parameters: never[]) => unknown,
  ) {
    const run = transaction.call(this, work);
    const counting = (...parameters: unknown[]) => {
      commits += 1;
      return run(...parameters);
    };
    return Object.assign(counting, { exclusive: run.exclusive, immediate: run.immediate, deferred: run.deferred });
  } as typeof transaction;
}

/** Measures `work` on `messages` messages: rate, processor time, transactions, and the delay of the event loop. */
async function measure(messages: number, work: () => Promise<void>): Promise<Figures> {
  const delay = monitorEventLoopDelay({ resolution: DELAY_RESOLUTION_MS });
  const [cpu, begun, before] = [process.cpuUsage(), performance.now(), commits];
  delay.enable();
  await work();
  const seconds = (performance.now() - begun) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  await wait(2 * DELAY_RESOLUTION_MS); // a loop that was blocked to the end is seen only now
  delay.disable();
  return {
    per_s: rounded(messages / seconds),
    cpu_us: rounded((user + system) / messages),
    commits: commits - before,
    loop_p99_ms: rounded(delay.percentile(99) / NS_PER_MS - DELAY_RESOLUTION_MS),
    loop_max_ms: rounded(delay.max / NS_PER_MS - DELAY_RESOLUTION_MS),
    rss_mb: rounded(residentMb(process.pid)),
  };
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function openGroup(relay: string): Promise<SyncSession> {
  const session = await SyncSession.new(undefined, [relay], { dataDir, deviceName: 'bench' });
  await session.pair();
  return session;
}

/** The stored group again, without a link. */
async function reopenOffline(session: SyncSession): Promise<SyncSession> {
  await session.close();
  return await SyncSession.new(undefined, [], { dataDir, offline: true });
}

/** Keeps `window` pushes in flight until `messages` of them are acknowledged. */
async function pushAcknowledged(session: SyncSession, messages: number, window: number): Promise<void> {
  let left = messages;
  const lane = async () => {
    while (left-- > 0) await (await session.push(CONTENT)).acknowledged;
  };
  await Promise.all(Array.from({ length: window }, lane));
}

async function readMessages(session: SyncSession, messages: number, live: boolean): Promise<void> {
  let read = 0;
  for await (const _ of session.messages({ live })) if (++read === messages) break;
}

async function queue(relay: string, messages: number, awaited: boolean): Promise<Figures> {
  const session = await reopenOffline(await openGroup(relay));
  for (let index = 0; index < WARM_UP; index++) await session.push(CONTENT);
  return await measure(messages, async () => {
    const pushes: Promise<unknown>[] = [];
    for (let index = 0; index < messages; index++) {
      const pushed = session.push(CONTENT);
      if (awaited) await pushed;
      else pushes.push(pushed);
    }
    await Promise.all(pushes);
  });
}

async function makeGroups(relay: string, groups: number, made: string): Promise<void> {
  const device = await openDevice({ dataDir: made, name: 'bench' });
  for (let index = 0; index < groups; index++) await device.createGroup({ relays: [relay] });
  for (const group of device.groups) await group.flush();
  await device.close();
}

/** The processor time of groups that are open and idle, and the time and memory that opening them takes. */
async function idle(made: string): Promise<Figures> {
  const [before, begun] = [residentMb(process.pid), performance.now()];
  const device = await openDevice({ dataDir: made });
  const [openMs, opened] = [performance.now() - begun, residentMb(process.pid)];
  await wait(SETTLE_MS);
  const cpu = process.cpuUsage();
  await wait(IDLE_MS);
  const { user, system } = process.cpuUsage(cpu);
  const groups = device.groups.length;
  const corePercent = (user + system) / (10 * IDLE_MS);
  return { groups, open_ms: rounded(openMs), open_mb: rounded(opened - before), core_percent: rounded(corePercent) };
}

async function sync(invite: string, messages: number): Promise<Figures> {
  const session = await SyncSession.new(undefined, [], { dataDir, deviceName: 'reader' });
  await session.pairJoin(invite);
  return await measure(messages, () => readMessages(session, messages, true));
}

async function processAll(invite: string, messages: number): Promise<Figures> {
  const device = await openDevice({ dataDir, name: 'reader' });
  const group = await device.join(invite);
  return await measure(messages, async () => {
    const done = Promise.withResolvers<void>();
    let read = 0;
    const count = (page: readonly unknown[]) => {
      read += page.length;
      if (read === messages) done.resolve();
    };
    group.log.process('bench', count).catch(done.reject);
    await done.promise;
  });
}

async function stored(invite: string, messages: number): Promise<Figures> {
  const joined = await SyncSession.new(undefined, [], { dataDir, deviceName: 'reader' });
  await joined.pairJoin(invite);
  await joined.pull(0, { limit: 1 });
  const session = await reopenOffline(joined);
  return await measure(messages, () => readMessages(session, messages, false));
}

async function open(invite: string): Promise<Figures> {
  const device = await openDevice({ dataDir, name: 'reader' });
  await (await device.join(invite)).caughtUp();
  await device.close();
  const child = fork(OPEN, [dataDir]);
  const [{ figures }] = (await once(child, 'message')) as [{ readonly figures: Figures }];
  child.send('end');
  return figures;
}

/** Writes in pieces as its parent asks; each piece ends with an invite. */
async function write(relay: string, messages: number): Promise<void> {
  const session = await openGroup(relay);
  process.on('message', async (more: number) => send({ invite: await writeMore(session, more) }));
  send({ invite: await writeMore(session, messages) });
}

async function writeMore(session: SyncSession, messages: number): Promise<string> {
  await pushAcknowledged(session, messages, 256);
  return await session.pair();
}

function send(message: object): void {
  process.send?.(message);
}

async function run(task: ClientTask): Promise<Figures> {
  switch (task.kind) {
    case 'raw':
      return { per_s: rounded(rawSqliteRowsPerSecond(task.batch)) };
    case 'write':
      await write(task.relay, task.messages);
      return {};
    case 'queue':
      return await queue(task.relay, task.messages, task.awaited);
    case 'push': {
      const session = await openGroup(task.relay);
      await pushAcknowledged(session, WARM_UP, task.window);
      return await measure(task.messages, () => pushAcknowledged(session, task.messages, task.window));
    }
    case 'groups':
      await makeGroups(task.relay, task.groups, task.dataDir);
      return {};
    case 'idle':
      return await idle(task.dataDir);
    case 'sync':
      return await sync(task.invite, task.messages);
    case 'process':
      return await processAll(task.invite, task.messages);
    case 'stored':
      return await stored(task.invite, task.messages);
    case 'open':
      return await open(task.invite);
  }
}

send({ figures: await run(JSON.parse(process.argv[2] ?? '') as ClientTask) });
process.once('message', (word) => word === 'end' && process.exit(0));
