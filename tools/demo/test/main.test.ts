import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));

const temporary = mkdtempSync(join(tmpdir(), '0k-demo-test-'));
t.teardown(() => rmSync(temporary, { recursive: true, force: true }));

function demo(...args: string[]) {
  const env = { ...process.env, TMPDIR: temporary };
  return spawnSync(process.execPath, ['--conditions=@0k-sync/source', MAIN, ...args], { encoding: 'utf8', env });
}

t.test('an unknown mode fails with what went wrong and a hint', async (t) => {
  const { status, stderr, stdout } = demo('--mode=quantum');
  t.equal(status, 1);
  t.match(stderr, /error: mode: it is hybrid or classical\nhint: make demo MODE=hybrid\n$/);
  t.notMatch(stdout, /demo: ok/);
});

for (const mode of ['hybrid', 'classical'])
  t.test(`make demo MODE=${mode} tells the whole story, and leaves nothing behind`, async (t) => {
    const { status, stdout, stderr } = demo(`--mode=${mode}`);
    t.equal(status, 0, stderr);
    t.match(
      stdout.trimEnd().split('\n').at(-1),
      /^demo: ok devices=2 messages=\d+ relay_restarts=1 plaintext_at_relay=0$/,
    );
    t.match(stdout, mode === 'hybrid' ? '/0k-sync/2' : '/0k-sync/1');
    t.equal(stdout.includes('\x1b'), false, 'no colours: this is no terminal');
    t.strictSame(readdirSync(temporary), []);
  });
