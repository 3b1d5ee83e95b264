import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import t from 'tap';
import { examplesOf, ROOT } from './support/pages.ts';
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
