import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { freeTcpPort } from '@0k-sync/testkit/ports';
import t from 'tap';
import { examplesOf } from './support/pages.ts';
import { RELAY, startRelay } from './support/relay.ts';
import { shellWith } from './support/shell.ts';

t.test('docs/relay.md: the commands of the page', async (t) => {
  const directory = t.testdir();
  const shell = shellWith(directory, RELAY);
  const { adminPort } = await startRelay(t, directory);
  for (const name of ['config', 'admin']) {
    const script = examplesOf('docs/relay.md').get(name) ?? '';
    const run = shell(script.replaceAll('127.0.0.1:9433', `127.0.0.1:${adminPort}`));
    t.equal(run.status, 0, name, { stderr: run.stderr });
    t.not(script, '', `the page has the example ${name}`);
  }
});

t.test('docs/relay.md: a relay starts with the printed file and stops at SIGTERM', async (t) => {
  const directory = t.testdir();
  shellWith(directory, RELAY)('0k-relay --print-config > relay.toml');
  const command = (examplesOf('docs/relay.md').get('start') ?? '').trim();
  const env = {
    ...process.env,
    ZEROK_RELAY_SERVER_PORT: '0',
    ZEROK_RELAY_HTTP_PORT: String(await freeTcpPort()),
    ZEROK_RELAY_STORAGE_DIRECTORY: join(directory, 'relay'),
  };
  const [program, ...options] = command.split(' ');
  t.equal(program, '0k-relay');
  const relay = spawn(process.execPath, [RELAY, ...options], {
    cwd: directory,
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  t.teardown(() => relay.kill('SIGKILL'));
  const [line] = (await once(createInterface(relay.stdout), 'line')) as [string];
  t.match(line, /^relay [a-z0-9]{52}\.[a-z0-9]{52}@.*:\d+$/, 'its first line is what clients are given');
  relay.kill('SIGTERM');
  t.strictSame(await once(relay, 'exit'), [0, null]);
});
