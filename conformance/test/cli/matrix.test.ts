import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { exitOfCells } from '../../src/matrix/cells.ts';
import { pairName, pairsOf } from '../../src/matrix/pairs.ts';
import { exitCodes } from '../../src/run/exit.ts';
import { runHere } from '../support/commands.ts';

/** A directory of implementations, each a shell script. */
async function implementations(t: Test, scripts: Record<string, string>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'implementations-'));
  t.teardown(() => rm(root, { recursive: true }));
  for (const [name, script] of Object.entries(scripts)) {
    await mkdir(join(root, name));
    await writeFile(join(root, name, 'adapter'), `#!/bin/sh\n${script}\n`);
    await chmod(join(root, name, 'adapter'), 0o755);
  }
  return root;
}

t.test('a missing toolchain is a visible not-run, and a failure in CI', async (t) => {
  const dir = await implementations(t, { absent: 'echo "error: no compiler" >&2; exit 3' });
  const args = ['matrix', '--implementations', dir, '--level', 'vectors'];
  const here = await runHere(args);
  t.equal(here.exit, exitCodes.nothing, 'nothing was proven');
  t.match(here.stdout, /absent +not-run: error: no compiler/);
  const inCi = await runHere(args, { CI: 'true' });
  t.equal(inCi.exit, exitCodes.failures);
});

t.test('what does not work is named, and is no failure of the others', async (t) => {
  const dir = await implementations(t, { broken: 'exit 0' });
  const { exit, stdout } = await runHere(['matrix', '--implementations', dir, '--level', 'vectors']);
  t.equal(exit, exitCodes.infrastructure);
  t.match(stdout, /broken +broken: the adapter exited with 0/);
});

t.test('an unknown implementation is usage, none at all is nothing', async (t) => {
  const dir = await implementations(t, { one: 'exit 3' });
  const unknown = await runHere(['matrix', '--implementations', dir, '--impl', 'two']);
  t.equal(unknown.exit, exitCodes.usage);
  t.match(unknown.stderr, /there is no implementation two\nhint: name one of: one/);
  t.equal((await runHere(['matrix', '--implementations', '/nonexistent'])).exit, exitCodes.nothing);
});

t.test('pairs are ordered, of different clients, at every relay, in both modes', async (t) => {
  const [a, b, c] = ['a', 'b', 'c'].map((name) => ({ name, adapter: name })) as [never, never, never];
  t.strictSame(pairsOf([a, b], [c]).map(pairName), [
    'a + b at c, hybrid',
    'a + b at c, classical',
    'b + a at c, hybrid',
    'b + a at c, classical',
  ]);
  t.equal(pairsOf([a, b, c], [c]).length, 12);
  t.equal(pairsOf([a, b, c], [a], 'b').length, 8);
});

t.test('the gravest cell decides', async (t) => {
  const cell = (exit: 0 | 1 | 2 | 3 | 4 | 5) => ({ row: '', level: 'vectors' as const, exit });
  t.equal(exitOfCells([cell(0), cell(5), cell(3), cell(1)]), exitCodes.failures);
  t.equal(exitOfCells([cell(1), cell(4)]), exitCodes.selfCheck);
  t.equal(exitOfCells([cell(5), cell(3)]), exitCodes.infrastructure);
});
