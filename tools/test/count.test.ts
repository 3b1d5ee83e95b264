import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import t from 'tap';

const RUNNER = fileURLToPath(new URL('../runner/main.ts', import.meta.url));
/** Runs the counter in a directory of its own with these test files; gives its exit status and its lines. */
function count(files: Record<string, string>): { status: number | null; lines: string[]; last: string | undefined } {
  const cwd = t.testdir({ 'package.json': '{"type":"module"}', test: files });
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^_?TAP/.test(name)));
  const run = spawnSync(process.execPath, [RUNNER], { cwd, env, encoding: 'utf8' });
  const lines = run.stdout.trimEnd().split('\n');
  return { status: run.status, lines, last: lines.at(-1) };
}

const PASSING =
  "import t from 'tap'; t.test('HS-01 one', t => { t.ok(1); t.ok(2); t.end(); }); t.test('two', async t => { t.ok(1); });";

t.test('make test counts the tests of every file and ends with the count', async (t) => {
  const { status, last } = count({ 'a.test.ts': PASSING, 'b.test.ts': PASSING });
  t.equal(last, '4 passed, 0 failed');
  t.equal(status, 0);
});

t.test('make test names what failed and why, and fails', async (t) => {
  const failing =
    "import t from 'tap'; t.test('outer', async t => { t.test('HS-04 inner', async t => { t.equal(1, 2, 'k'); }); });";
  const { status, lines, last } = count({ 'a.test.ts': PASSING, 'b.test.ts': failing });
  t.equal(last, '2 passed, 1 failed');
  t.ok(lines.includes('failed: test/b.test.ts > outer'));
  t.ok(lines.some((line) => /^not ok .*HS-04 inner.* k$/.test(line)));
  t.equal(status, 1);
});

t.test('make test counts a crash, a skipped test and a file without tests as failed', async (t) => {
  const { status, lines, last } = count({
    'a.test.ts': PASSING,
    'thrown.test.ts': "import t from 'tap'; t.ok(1, 'before'); throw new Error('boom');",
    'exit.test.ts': 'process.exit(3);',
    'killed.test.ts': "process.kill(process.pid, 'SIGKILL');",
    'import.test.ts': "import './missing.ts';",
    'skipped.test.ts': "import t from 'tap'; t.test('later', { skip: true }, async () => {});",
    'todo.test.ts': "import t from 'tap'; t.test('later', { todo: true }, async () => {});",
    'empty.test.ts': 'export {};',
    'cut.test.ts': "import t from 'tap'; t.test('half', async () => process.exit(0));",
  });
  t.strictSame(lines.filter((line) => line.startsWith('failed: ')).sort(), [
    'failed: test/cut.test.ts (status 1)',
    'failed: test/empty.test.ts (no tests)',
    'failed: test/exit.test.ts (status 3)',
    'failed: test/import.test.ts (status 1)',
    'failed: test/killed.test.ts (SIGKILL)',
    'failed: test/skipped.test.ts > later (skipped)',
    'failed: test/thrown.test.ts > boom',
    'failed: test/todo.test.ts > later (skipped)',
  ]);
  t.equal(last, '3 passed, 8 failed');
  t.equal(status, 1);
});

t.test('make test fails when there is nothing to run', async (t) => {
  const { status, last } = count({});
  t.equal(last, '0 passed, 1 failed');
  t.equal(status, 1);
});
