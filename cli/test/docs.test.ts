import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { cleanEnvironment } from './support/program.ts';
import { startRelay } from './support/relay.ts';
import { temporaryDirectory } from './support/temporary.ts';

const PAGE = readFileSync(new URL('../../docs/cli.md', import.meta.url), 'utf8');
const PROGRAM = fileURLToPath(new URL('../bin/0k-sync.js', import.meta.url));
const EXAMPLE_RELAY = 'relay.example:4433';

/** The page's examples: `sh` blocks after a `run:` comment that names the device. */
function examples(): { readonly device: string; readonly script: string }[] {
  return [...PAGE.matchAll(/<!-- run: (\w+) -->\n```sh\n(.*?)```/gs)].map(([, device = '', script = '']) => ({
    device,
    script,
  }));
}

/** A directory with the program under its own name. */
function programDirectory(base: string): string {
  const directory = join(base, 'bin');
  const path = join(directory, '0k-sync');
  mkdirSync(directory);
  writeFileSync(path, `#!/bin/sh\nexec '${process.execPath}' '${PROGRAM}' "$@"\n`);
  chmodSync(path, 0o755);
  return directory;
}

t.test('every example of the page does what the page says', async (t) => {
  const relay = await startRelay();
  const base = temporaryDirectory();
  const path = `${programDirectory(base)}:${process.env['PATH']}`;
  t.ok(examples().length >= 5);
  for (const { device, script } of examples()) {
    const run = spawnSync('sh', ['-euc', script.replaceAll(EXAMPLE_RELAY, relay.address)], {
      cwd: base,
      encoding: 'utf8',
      env: cleanEnvironment({ PATH: path, ZEROK_SYNC_DIR: join(base, device) }),
    });
    t.equal(run.status, 0, script, { stdout: run.stdout, stderr: run.stderr });
  }
});
