import { spawnSync } from 'node:child_process';
import t from 'tap';
import { examplesOf, ROOT } from '../docs/support/pages.ts';

const LIST = ['  [ ] apples', '  [ ] bread', '  [ ] coffee', '  [x] milk'];

t.test('examples/shared-notes: both devices end with the same list', async (t) => {
  const script = examplesOf('examples/shared-notes/README.md').get('notes') ?? '';
  const [setup, command = 'false'] = script.split('\n');
  t.equal(setup, 'make setup');
  const run = spawnSync('sh', ['-euc', command], { cwd: ROOT, encoding: 'utf8' });
  t.equal(run.status, 0, command, { stderr: run.stderr });
  const expected = ['the relay is gone; 2 notes wait', 'the relay is back', 'laptop:', ...LIST, 'phone:', ...LIST];
  t.strictSame(run.stdout.trimEnd().split('\n'), expected);
});
