import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import t from 'tap';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));

const temporary = mkdtempSync(join(tmpdir(), '0k-demo-test-'));
t.teardown(() => rmSync(temporary, { recursive: true, force: true }));

function command(...args: string[]): [string, string[]] {
  return [process.execPath, ['--conditions=@0k-sync/source', MAIN, ...args]];
}

function environment(more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  return { ...process.env, TMPDIR: temporary, ...more };
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

t.test('an unknown mode fails with what went wrong and a hint', async (t) => {
  const { status, stderr, stdout } = spawnSync(...command('--mode=quantum'), { encoding: 'utf8', env: environment() });
  t.equal(status, 1);
  t.match(stderr, /error: mode: it is hybrid or classical\nhint: make demo MODE=hybrid\n$/);
  t.equal(stdout, '');
});

t.test('a step that fails is named, with a hint, without colours and without ok; nothing is left behind', async (t) => {
  const env = environment({ ZEROK_RELAY_GROUPS_CREATION: 'closed' });
  const { status, stderr, stdout } = spawnSync(...command(), { encoding: 'utf8', env });
  t.equal(status, 1);
  t.match(stdout, /relay process \d+ on QUIC 127\.0\.0\.1:\d+/);
  t.match(
    stderr,
    /error: 2\. Two devices pair: 0k-sync pair --create --relay .* on laptop-.* exited with 5: .+\nhint: .+\n$/,
  );
  t.notMatch(stdout, 'demo: ok');
  t.notMatch(stdout + stderr, '\x1b');
  t.strictSame(readdirSync(temporary), []);
});

t.test('an interrupted demo stops its relay and removes its files', async (t) => {
  const [program, args] = command();
  const demo = spawn(program, args, { env: environment(), stdio: ['ignore', 'pipe', 'ignore'] });
  t.teardown(() => demo.kill('SIGKILL'));
  const exited = once(demo, 'exit');
  let relay = 0;
  for await (const line of createInterface({ input: demo.stdout })) {
    relay = Number(line.match(/relay process (\d+) on/)?.[1] ?? 0);
    if (relay > 0) break;
  }
  t.equal(isRunning(relay), true);
  demo.kill('SIGINT');
  t.strictSame(await exited, [1, null]);
  t.strictSame(readdirSync(temporary), []);
  t.equal(isRunning(relay), false);
});
