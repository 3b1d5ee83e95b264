import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import t, { type Test } from 'tap';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const RELAY = join(ROOT, 'relay/bin/0k-relay.js');
const TYPESCRIPT = join(ROOT, 'conformance/implementations/typescript/adapter');
const CONFORMANCE = join(ROOT, 'conformance/bin/0k-conformance.js');

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

/** A shell in a directory where one of this tree's programs is in PATH. */
function shellWith(directory: string, program: string) {
  const bin = join(directory, 'bin');
  mkdirSync(bin, { recursive: true });
  const name = basename(program, '.js');
  writeFileSync(join(bin, name), `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`);
  chmodSync(join(bin, name), 0o755);
  const env = { ...process.env, PATH: `${bin}:${process.env['PATH']}` };
  return (script: string) => spawnSync('sh', ['-euc', script], { cwd: directory, encoding: 'utf8', env });
}

t.test('docs/relay.md: the commands of the page', async (t) => {
  const directory = t.testdir();
  const shell = shellWith(directory, RELAY);
  await startRelay(t, directory);
  for (const [name, script] of examples('docs/relay.md')) {
    const run = shell(script.replaceAll('127.0.0.1:9433', '127.0.0.1:19433'));
    t.equal(run.status, 0, name, { stderr: run.stderr });
  }
});

t.test('docs/implementing.md: the adapter of the first step is green, clients and a relay can be tested', async (t) => {
  const directory = t.testdir();
  const page = examples('docs/implementing.md');
  writeFileSync(join(directory, 'adapter'), page.get('adapter') ?? '');
  chmodSync(join(directory, 'adapter'), 0o755);
  const shell = shellWith(directory, CONFORMANCE);
  const first = shell(page.get('first') ?? '');
  t.equal(first.status, 0, 'doctor and the first vectors', { stderr: first.stderr, stdout: first.stdout });
  // From here on the page's adapter is a whole implementation: the one in this tree.
  for (const place of ['.', 'other', 'relay']) {
    mkdirSync(join(directory, place), { recursive: true });
    writeFileSync(join(directory, place, 'adapter'), `#!/bin/sh\nexec '${TYPESCRIPT}'\n`, { mode: 0o755 });
  }
  const client = shell(page.get('client') ?? '');
  t.equal(client.status, 0, 'a client, and a pair of them', { stderr: client.stderr, stdout: client.stdout });
  const { pin } = await startRelay(t, join(directory, 'data'));
  const [nodeId = '', target = ''] = pin.split('@');
  const relay = shell((page.get('relay') ?? '').replace('127.0.0.1:4433', target).replace('NODEID', nodeId));
  t.equal(relay.status, 0, 'a relay by its address', { stderr: relay.stderr, stdout: relay.stdout });
});
