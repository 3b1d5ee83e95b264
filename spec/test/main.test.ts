import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { GOOD_ROOT } from './fixture.ts';

const MAIN = join(import.meta.dirname, '..', 'compile', 'main.ts');

/** A copy of the good tree. */
function copyTree(t: Test): string {
  const root = t.testdir({});
  cpSync(GOOD_ROOT, root, { recursive: true });
  return root;
}

function run(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [MAIN, ...args], { encoding: 'utf8' });
}

/** Path → bytes as hexadecimal, of every file below `directory`. */
function readAll(directory: string): Record<string, string> {
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(files.sort().map((file) => [file, readFileSync(file, 'hex')]));
}

t.test('generates the same bytes twice, also after the output was deleted or grew stale', async (t) => {
  const first = copyTree(t);
  t.match(run('--root', first), { status: 0, stdout: '', stderr: '' });
  const generated = join(first, 'generated');
  const before = readAll(generated);
  writeFileSync(join(generated, 'diagrams', 'forgotten.md'), 'a machine that is no more');
  writeFileSync(join(generated, 'protocol', 'src', 'limits.ts'), 'edited by hand');
  mkdirSync(join(generated, 'protocol', 'src', 'wire'));
  writeFileSync(join(generated, 'protocol', 'src', 'wire', 'frame.ts'), 'written by buf');
  t.equal(run('--root', first).status, 0);
  t.strictSame(readAll(generated), {
    ...before,
    [join(generated, 'protocol', 'src', 'wire', 'frame.ts')]: Buffer.from('written by buf').toString('hex'),
  });
});

t.test('emits every file that the tables call for', async (t) => {
  const root = copyTree(t);
  run('--root', root);
  const names = Object.keys(readAll(join(root, 'generated'))).map((file) => file.slice(root.length + 1));
  t.strictSame(names, [
    'generated/README.md',
    'generated/diagrams/client-session.md',
    'generated/diagrams/relay-session.md',
    'generated/protocol/README.md',
    'generated/protocol/package.json',
    'generated/protocol/src/errors.ts',
    'generated/protocol/src/frames.ts',
    'generated/protocol/src/labels.ts',
    'generated/protocol/src/limits.ts',
    'generated/protocol/src/machine.ts',
    'generated/protocol/src/machines/client-session.ts',
    'generated/protocol/src/machines/relay-session.ts',
    'generated/protocol/src/patterns.ts',
    'generated/protocol/src/schema.ts',
    'generated/protocol/tsconfig.build.json',
    'generated/protocol/tsconfig.json',
    'generated/spec/README.md',
    'generated/spec/package.json',
    'generated/spec/src/reject-classes.ts',
    'generated/spec/src/requirements.ts',
    'generated/spec/tsconfig.build.json',
    'generated/spec/tsconfig.json',
    'generated/transcripts/classical.json',
    'generated/transcripts/hybrid.json',
  ]);
});

t.test('--check writes nothing', async (t) => {
  const root = copyTree(t);
  t.match(run('--check', '--root', root), { status: 0, stdout: '', stderr: '' });
  t.notOk(existsSync(join(root, 'generated')));
});

for (const args of [[], ['--check']]) {
  t.test(`a defect ends with 1 and file:line: message${args.map((arg) => `, ${arg}`).join('')}`, async (t) => {
    const root = copyTree(t);
    const chapter = join(root, 'spec', 'session.md');
    writeFileSync(chapter, readFileSync(chapter, 'utf8').replace('| SE-12 | ready | hello-ack | = | — |\n', ''));
    t.match(run(...args, '--root', root), {
      status: 1,
      stdout: '',
      stderr: /^spec\/session\.md:24: client-session has no row for "hello-ack" in state "ready"\n$/,
    });
    t.notOk(existsSync(join(root, 'generated')));
  });
}
