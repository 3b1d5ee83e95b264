import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import t, { type Test } from 'tap';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const RELAY = join(ROOT, 'relay/bin/0k-relay.js');

/** The examples of a page: blocks after a `run:` comment. */
function examples(page: string): ReadonlyMap<string, string> {
  const text = readFileSync(join(ROOT, page), 'utf8');
  const blocks = text.matchAll(/<!-- run: ([\w-]+) -->\n```\w+\n(.*?)```/gs);
  return new Map([...blocks].map(([, name = '', code = '']) => [name, code]));
}

/** A relay on free ports; the first line it prints has its pin. */
async function startRelay(t: Test, directory: string) {
  const environment = {
    ...process.env,
    ZEROK_RELAY_SERVER_ADDRESS: '127.0.0.1',
    ZEROK_RELAY_SERVER_PORT: '0',
    ZEROK_RELAY_SERVER_DRAIN_MS: '200',
    ZEROK_RELAY_HTTP_PORT: '19433',
    ZEROK_RELAY_STORAGE_DIRECTORY: join(directory, 'relay'),
    ZEROK_RELAY_LOG_LEVEL: 'silent',
  };
  const child = spawn(process.execPath, [RELAY], { env: environment, stdio: ['ignore', 'pipe', 'inherit'] });
  t.teardown(async () => {
    child.kill('SIGTERM');
    if (child.exitCode === null) await once(child, 'exit');
  });
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return { pin: line.replace('relay ', '') };
}

t.test('docs/client.md: the first steps do what they say', async (t) => {
  const code = examples('docs/client.md').get('first-steps') ?? '';
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
  const code = examples('README.md').get('library') ?? '';
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

t.test('docs/relay.md: the commands of the page', async (t) => {
  const directory = t.testdir();
  const bin = join(directory, 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, '0k-relay'), `#!/bin/sh\nexec '${process.execPath}' '${RELAY}' "$@"\n`);
  chmodSync(join(bin, '0k-relay'), 0o755);
  await startRelay(t, directory);
  for (const [name, script] of examples('docs/relay.md')) {
    const run = spawnSync('sh', ['-euc', script.replaceAll('127.0.0.1:9433', '127.0.0.1:19433')], {
      cwd: directory,
      encoding: 'utf8',
      env: { ...process.env, PATH: `${bin}:${process.env['PATH']}` },
    });
    t.equal(run.status, 0, name, { stderr: run.stderr });
  }
});
