import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { Watch } from '../../tools/demo/device.ts';
import { cleanEnvironment, contents, zerok } from './support/program.ts';
import { pairThrough, startRelay } from './support/relay.ts';

const PROGRAM = fileURLToPath(new URL('../bin/0k-sync.js', import.meta.url));
const LIVE_MS = 30_000;
const FULL = '/dev/full';
const relay = await startRelay();

interface Ended {
  readonly code: number | null;
  readonly stderr: string;
}

/** Runs the program with stdout on a full device. */
async function intoFull(args: readonly string[], stderr: 'pipe' | 'full' = 'pipe'): Promise<Ended> {
  const full = openSync(FULL, 'w');
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    stdio: ['ignore', full, stderr === 'full' ? full : 'pipe'],
    env: cleanEnvironment(),
  });
  closeSync(full);
  const code = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { stderr: child.stderr === null ? '' : await text(child.stderr), code: await code };
}

/** Runs the program with a stdout that nobody reads. */
async function intoClosed(args: readonly string[]): Promise<Ended> {
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: cleanEnvironment(),
  });
  child.stdout.destroy();
  const code = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { stderr: await text(child.stderr), code: await code };
}

t.test('finding/T1 output that cannot be written is an error, whatever the command', async (t) => {
  const { a } = await pairThrough(relay);
  const device = ['--data-dir', a];
  const commands = [
    ['--help'],
    ['--version'],
    ['push', '--help'],
    ['status', ...device],
    ['status', '--json', ...device],
    ['push', 'x', ...device],
    ['push', '--queue-only', 'x', ...device],
    ['queue', 'list', ...device],
    ['queue', 'retry', ...device],
    ['pair', '--create', ...device],
    ['relay', 'list', ...device],
    ['pull', '--json', ...device],
    ['watch', '--json', ...device],
  ];
  for (const args of commands) {
    const { code, stderr } = await intoFull(args);
    t.equal(code, 9, args.slice(0, 2).join(' '));
    t.match(stderr, /ENOSPC/);
  }
  const { stderr } = await intoFull(['status', ...device]);
  t.match(stderr, /^error: cannot write the output: ENOSPC\nhint: .+\n$/);
  t.equal((await intoFull(['status', ...device], 'full')).code, 9, 'stderr is full, too');
});

t.test('finding/T1 a reader that has gone is an error with one sentence', async (t) => {
  const { a } = await pairThrough(relay);
  for (const args of [['--help'], ['status', '--data-dir', a], ['pair', '--create', '--data-dir', a]]) {
    const { code, stderr } = await intoClosed(args);
    t.equal(code, 9, args.join(' '));
    t.match(stderr, /^error: cannot write the output: EPIPE\nhint: .+\n$/);
  }
});

t.test('finding/T1 a message that could not be printed does not count as read', async (t) => {
  const { a, b } = await pairThrough(relay);
  for (const text of ['1', '2']) await zerok(['push', text, '--data-dir', a]);
  t.equal((await intoClosed(['pull', '--data-dir', b])).code, 9);
  const watch = new Watch(['--data-dir', b]);
  watch.closeOutput();
  t.equal(await watch.ended, 9);
  t.strictSame(contents((await zerok(['pull', '--json', '--data-dir', b])).stdout), ['1', '2']);
});

t.test('finding/T2 watch says that it connects, and why it does not, also with --json', async (t) => {
  const { a } = await pairThrough(relay);
  const nowhere = '127.0.0.1:9';
  const watch = new Watch(['--data-dir', a, '--relay', nowhere]);
  t.teardown(() => watch.interrupt());
  await watch.lines.first('disconnected', LIVE_MS, ({ type }) => type === 'disconnected');
  t.match(watch.lines.all, [
    { type: 'connecting', relay: nowhere },
    { type: 'disconnected', relay: nowhere, reason: /cannot be reached/ },
  ]);
  t.equal(await watch.interrupt(), 0);
});

t.test('CL-37 watch says that a relay shows other keys than the pinned ones, and goes on trying', async (t) => {
  const { a } = await pairThrough(relay);
  const other = `${'y'.repeat(52)}@${relay.address}`;
  const watch = new Watch(['--data-dir', a, '--relay', other]);
  t.teardown(() => watch.interrupt());
  const said = await watch.lines.first('disconnected', LIVE_MS, ({ type }) => type === 'disconnected');
  t.match(said, { reason: /key/ });
  t.equal(await watch.interrupt(), 0);
});
