import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BenchRelay } from '../relay-process.ts';
import { rounded } from '../statistics.ts';
import { canCountFsyncs, countFsyncs } from './fsyncs.ts';
import type { ClientTask, Figures } from './task.ts';

const TASK = fileURLToPath(new URL('./task.ts', import.meta.url));
const RAW_BATCHES = [1, 64, 1024] as const;
/** NODE_OPTIONS of the clients alone, to profile them: see README.md. */
const NODE_OPTIONS = process.env['BENCH_CLIENT_NODE'] ?? '';
const QUEUED = 10_000;
const BACKLOG = 10_000;
const GROUPS = 100;

type Reply = { readonly figures?: Figures; readonly invite?: string };

/** The figures of every phase of the client, and their ratios to raw SQLite of the same run. */
export interface ClientFigures {
  readonly phases: Readonly<Record<string, Figures>>;
  /** Rows of 1 KB per second that SQLite alone stores, by rows of a transaction. */
  readonly raw: Readonly<Record<string, number>>;
  readonly ratios: Figures;
}

/** Measures the library in processes of its own, one phase after the other; `only` names one phase. */
export async function clientPhases(
  bench: BenchRelay,
  progress: (text: string) => void,
  only?: string,
): Promise<ClientFigures> {
  const relay = `${bench.address.host}:${bench.address.port}`;
  const phases: Record<string, Figures> = {};
  const phase = async (name: string, task: ClientTask) => {
    if (only !== undefined && only !== name) return;
    progress(`client: ${name}`);
    phases[name] = await figuresOf(task);
  };
  const sync = async (name: string, task: ClientTask, again: () => Promise<string>) => {
    await phase(name, task);
    if (phases[name] === undefined || !canCountFsyncs()) return;
    phases[name] = { ...phases[name], fsyncs: await fsyncsOf({ ...task, invite: await again() } as ClientTask) };
  };
  const raw: Record<string, number> = {};
  for (const batch of RAW_BATCHES) raw[batch] = (await figuresOf({ kind: 'raw', batch }))['per_s'] ?? Number.NaN;
  await phase('push awaited, offline', { kind: 'queue', relay, messages: 2000, awaited: true });
  await phase('push at once, offline', { kind: 'queue', relay, messages: QUEUED, awaited: false });
  await phase('push 1x1', { kind: 'push', relay, messages: 1000, window: 1 });
  await phase('push 1x64', { kind: 'push', relay, messages: 20_000, window: 64 });
  if (only === undefined || only === 'groups idle') {
    const dataDir = mkdtempSync(join(tmpdir(), '0k-sync-bench-'));
    await figuresOf({ kind: 'groups', relay, groups: GROUPS, dataDir });
    await phase('groups idle', { kind: 'idle', dataDir });
    rmSync(dataDir, { recursive: true });
  }
  if (only !== undefined && only in phases) return { phases, raw, ratios: ratiosOf(phases, raw) };
  progress('client: writing a backlog');
  const writer = start({ kind: 'write', relay, messages: BACKLOG });
  try {
    const first = await inviteOf(writer);
    const more = (messages: number) => {
      const asked = inviteOf(writer);
      writer.send(messages);
      return asked;
    };
    const again = () => more(0);
    await sync('first sync', { kind: 'sync', invite: first, messages: BACKLOG }, again);
    await sync('first sync, log.process', { kind: 'process', invite: await again(), messages: BACKLOG }, again);
    await phase('open', { kind: 'open', invite: await again() });
    await phase('messages() of the store', { kind: 'stored', invite: await more(BACKLOG), messages: 2 * BACKLOG });
  } finally {
    writer.kill('SIGKILL');
  }
  return { phases, raw, ratios: ratiosOf(phases, raw) };
}

function ratiosOf(phases: Readonly<Record<string, Figures>>, raw: Readonly<Record<string, number>>): Figures {
  const ratio = (phase: string, batch: number) =>
    rounded((phases[phase]?.['per_s'] ?? Number.NaN) / (raw[batch] ?? Number.NaN));
  return {
    'push awaited, offline / raw 1': ratio('push awaited, offline', 1),
    'push at once, offline / raw 1024': ratio('push at once, offline', 1024),
    'push 1x1 / raw 1': ratio('push 1x1', 1),
    'push 1x64 / raw 64': ratio('push 1x64', 64),
    'first sync / raw 1024': ratio('first sync', 1024),
  };
}

function start(task: ClientTask): ChildProcess {
  return fork(TASK, [JSON.stringify(task)], { env: { ...process.env, NODE_OPTIONS } });
}

async function figuresOf(task: ClientTask): Promise<Figures> {
  const child = start(task);
  try {
    return await replyOf(child, ({ figures }) => figures);
  } finally {
    child.send('end');
  }
}

/** The fsyncs of a client process, those of opening and joining included. */
function fsyncsOf(task: ClientTask): Promise<number> {
  return countFsyncs(TASK, [JSON.stringify(task)], async (child) => {
    await replyOf(child, ({ figures }) => figures);
    child.send('end');
  });
}

function inviteOf(writer: ChildProcess): Promise<string> {
  return replyOf(writer, ({ invite }) => invite);
}

/** The next message of a child in which `pick` finds something. */
function replyOf<Value>(child: ChildProcess, pick: (reply: Reply) => Value | undefined): Promise<Value> {
  const { promise, resolve, reject } = Promise.withResolvers<Value>();
  const failed = (code: number | null) => reject(new Error(`a client process ended early with ${code}`));
  const receive = (reply: Reply) => {
    const value = pick(reply);
    if (value === undefined) return;
    child.off('message', receive).off('exit', failed);
    resolve(value);
  };
  child.on('message', receive).once('exit', failed);
  return promise;
}
