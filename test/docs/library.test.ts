import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import t from 'tap';
import { examplesOf, ROOT, readPage } from './support/pages.ts';
import { startRelay } from './support/relay.ts';

t.test('docs/client.md: the first steps do what they say', async (t) => {
  const code = examplesOf('docs/client.md').get('first-steps') ?? '';
  // Inside the tree, so that the example finds the package; the folder is one that git and the linter ignore.
  const directory = t.testdir();
  const { pin } = await startRelay(t, directory);
  writeFileSync(join(directory, 'example.ts'), code.replace("['relay.example:4433']", `['${pin}']`));
  const run = spawnSync(process.execPath, ['--conditions=@0k-sync/source', 'example.ts'], {
    cwd: directory,
    encoding: 'utf8',
    timeout: 60_000,
  });
  t.equal(run.status, 0, 'it ends by itself', { stderr: run.stderr });
  t.match(run.stdout, /durable: true/);
  t.match(run.stdout, /laptop hello\n1\n$/);
});

t.test('docs/client.md shows the files of examples/todo, which test/examples runs: an app of 40 lines', async (t) => {
  const examples = examplesOf('docs/client.md');
  const files = ['todos', 'main'].map((name) => [name, readPage(`examples/todo/${name}.ts`)] as const);
  for (const [name, file] of files) t.equal(examples.get(name), file, name);
  const lines = files.flatMap(([, file]) => file.trimEnd().split('\n'));
  t.ok(lines.length <= 40, `${lines.length} lines`);
  for (const line of lines) t.ok(line.length <= 120, line);
});

t.test('README.md: the library example receives what was pushed', async (t) => {
  const code = examplesOf('README.md').get('library') ?? '';
  const directory = t.testdir();
  const { pin } = await startRelay(t, directory);
  writeFileSync(join(directory, 'example.ts'), code.replace('<nodeid>@relay.example:4433', pin));
  const child = spawn(process.execPath, ['--conditions=@0k-sync/source', 'example.ts'], {
    cwd: directory,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.teardown(() => child.kill('SIGKILL'));
  const ended = once(child, 'exit').then(() => ['(the example ended)']);
  const [line] = await Promise.race([once(createInterface(child.stdout), 'line'), ended]);
  t.equal(line, 'hello');
});

t.test('README.md: the programs of a checkout start', async (t) => {
  const script = examplesOf('README.md').get('install') ?? '';
  const programs = script.split('\n').filter((line) => line.endsWith('--help'));
  t.equal(programs.length, 2);
  for (const line of programs) {
    const run = spawnSync('sh', ['-euc', line], { cwd: ROOT, encoding: 'utf8' });
    t.equal(run.status, 0, line, { stderr: run.stderr });
    t.match(run.stdout, /^Usage: 0k-/, line);
  }
});

t.test('CONTRIBUTING.md: one test file runs by itself', async (t) => {
  const script = examplesOf('CONTRIBUTING.md').get('one-test') ?? 'false';
  const run = spawnSync('sh', ['-euc', script], { cwd: ROOT, encoding: 'utf8' });
  t.equal(run.status, 0, script, { stdout: run.stdout, stderr: run.stderr });
});

t.test('docs/client.md names every event and every kind of error, and no others', async (t) => {
  const page = readPage('docs/client.md');
  const [, events = ''] = /^## Events\n(.*?)^## /ms.exec(page) ?? [];
  const rows = [...events.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, name]) => name);
  const [, fields = ''] = /interface SyncEvents \{(.*?)^\}/ms.exec(readPage('client/src/events.ts')) ?? [];
  const names = [...fields.matchAll(/^ {2}'?([a-z-]+)'?:/gm)].map(([, name]) => name);
  t.strictSame(rows.sort(), names.sort());
  const [, kinds = ''] = /`kind` that a program can tell apart \((.*?)\)/s.exec(page) ?? [];
  const [, union = ''] = /type SyncErrorKind =(.*?);\n\n/s.exec(readPage('client/src/error.ts')) ?? [];
  const words = (text: string, quote: string) =>
    [...text.matchAll(new RegExp(`${quote}([a-z-]+)${quote}`, 'g'))].map(([, word]) => word).sort();
  t.strictSame(words(kinds, '`'), words(union, "'"));
});
