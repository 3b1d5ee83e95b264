import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import t from 'tap';
import { readPage } from './support/pages.ts';
import { applyPatch, type Patch, patchesOf } from './support/patches.ts';
import { copyTree } from './support/tree-copy.ts';

const PAGE = 'docs/adding-a-frame.md';
const FILES_MAX = 12;
const root = mkdtempSync(join(tmpdir(), '0k-frame-'));
t.teardown(() => rmSync(root, { recursive: true }));

/** The checks that run before any test, in the order of `make check`; the first that fails names what is missing. */
const CHECKS: Readonly<Record<string, readonly string[]>> = {
  buf: ['buf', 'generate'],
  'spec compiler': ['node', 'spec/compile/main.ts'],
  tsc: ['tsc', '-p', '.', '--incremental', '--tsBuildInfoFile', '.tap/tsbuildinfo'],
  ledger: ['node', 'tools/ledger/main.ts'],
};

interface Finding {
  readonly check: string;
  readonly text: string;
}

function run([program = '', ...args]: readonly string[]) {
  const path = [join(root, 'node_modules/.bin'), dirname(process.execPath), process.env['PATH']].join(delimiter);
  return spawnSync(program, args, { cwd: root, encoding: 'utf8', env: { ...process.env, PATH: path } });
}

/** The words of the first check that is not content; undefined when all are. */
function firstFinding(): Finding | undefined {
  for (const [check, command] of Object.entries(CHECKS)) {
    const { status, stdout, stderr } = run(command);
    if (status !== 0) return { check, text: stdout + stderr };
  }
  return undefined;
}

/** Writes a file of the copy; undefined removes it. Git is told, as the ledger reads what git knows. */
function write(file: string, text: string | undefined): void {
  if (text === undefined) rmSync(join(root, file));
  else writeFileSync(join(root, file), text);
  run(['git', 'add', '--all', '--', file]);
}

function read(file: string): string | undefined {
  return existsSync(join(root, file)) ? readFileSync(join(root, file), 'utf8') : undefined;
}

/** The page's table: which check names a file that is missing, by the file's name. */
function namedBy(): ReadonlyMap<string, string> {
  const rows = readPage(PAGE).matchAll(/^\| \[([\w.-]+)\]\(.*?\) \| .* \| ([a-z ]+) \|$/gm);
  return new Map([...rows].map(([, file = '', check = '']) => [file, check]));
}

function nameOf({ file }: Patch): string {
  return file.split('/').at(-1) ?? file;
}

/** The names and ids that a patch brings into its file. */
function newWords(patch: Patch): readonly string[] {
  const old = before.get(patch.file) ?? '';
  const words = applyPatch(before.get(patch.file), patch).match(/[\w-]{5,}/g) ?? [];
  return words.filter((word) => !old.includes(word));
}

const patches = patchesOf(PAGE);
copyTree(root);
const before = new Map(patches.map(({ file }) => [file, read(file)]));

t.test(`${PAGE}: the frame takes at most ${FILES_MAX} files by hand, and the page counts them`, async (t) => {
  t.ok(patches.length <= FILES_MAX, `${patches.length} files`);
  t.match(readPage(PAGE), `changes **${patches.length} files** by hand`);
  t.strictSame([...namedBy().keys()], patches.map(nameOf));
});

t.test(`${PAGE}: its steps make a frame that all checks accept and that works`, async (t) => {
  for (const patch of patches) write(patch.file, applyPatch(before.get(patch.file), patch));
  t.equal(firstFinding()?.text, undefined);
  const test = patches.at(-1)?.file ?? '';
  const { status, stdout } = run(['node', '--conditions=@0k-sync/source', test]);
  t.equal(status, 0, test, { stdout });
});

for (const patch of patches) {
  t.test(`${PAGE}: without ${patch.file} a check says so before anything runs`, async (t) => {
    write(patch.file, before.get(patch.file));
    const finding = firstFinding();
    write(patch.file, applyPatch(before.get(patch.file), patch));
    const { check = 'none', text = '' } = finding ?? {};
    t.equal(check, namedBy().get(nameOf(patch)), text);
    t.ok(
      newWords(patch).some((word) => text.includes(word)),
      'it names what is missing',
      { text },
    );
  });
}
