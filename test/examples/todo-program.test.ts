import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { stopAll } from '../../tools/demo/children.ts';
import { RelayProcess } from '../../tools/demo/relay-process.ts';
import { examplesOf, ROOT } from '../docs/support/pages.ts';

const LIST = /^\[ \] buy milk \([-\da-f]{36}\)\n\[ \] call Ann \([-\da-f]{36}\)$/;

t.test('examples/todo: what each device wrote is on both after a sync', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), '0k-todo-'));
  t.teardown(async () => {
    await stopAll();
    rmSync(folder, { recursive: true });
  });
  const relay = await RelayProcess.start(join(folder, 'relay'));
  const script = examplesOf('examples/todo/README.md').get('todo') ?? 'false';
  const env = { ...process.env, RELAY: relay.address, DATA: folder };
  const run = spawnSync('sh', ['-euc', script], { cwd: ROOT, encoding: 'utf8', env });
  t.equal(run.status, 0, run.stderr);
  const lines = run.stdout.trimEnd().split('\n');
  const [laptop, phone] = [lines.slice(-4, -2).join('\n'), lines.slice(-2).join('\n')];
  t.match(laptop, LIST);
  t.equal(phone, laptop);
  const [id = ''] = /[-\da-f]{36}/.exec(laptop) ?? [];
  const program = join(ROOT, 'examples/todo/main.ts');
  const args = ['--conditions=@0k-sync/source', program, join(folder, 'phone'), 'done', id];
  await relay.terminate();
  const done = spawnSync(process.execPath, args, { encoding: 'utf8' });
  t.match(done.stdout, `[x] buy milk (${id})`, 'an edit and the list need no relay');
});
