import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { faults } from '../../src/planted/faults.ts';
import { type Mutation, mutate } from '../../src/planted/mutation.ts';
import { unseenRules } from '../../src/planted/unseen-rules.ts';

t.setTimeout(300_000);

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
/** Syntax errors, and names that nothing has. Other types may be wrong: a mistake need not fit them. */
const UNKNOWN = /error TS(?:1\d{3}|2304|2305|2307|2339|2551|2552|2724):/;
const COPIED = [
  'core/src',
  'client/src',
  'cli/src',
  'relay/src',
  'transport/src',
  'testkit/src',
  'generated',
  'conformance/src',
];

/** A mistake by its name: the changes of one source file. */
interface Changed {
  readonly name: string;
  readonly file: string;
  readonly mutations: readonly Mutation[];
}

function changedFiles(): Changed[] {
  const planted = faults.map(({ name, mutations = [] }) => ({ name, mutations }));
  const unseen = unseenRules().map((row) => ({ name: row.rule, mutations: [row] }));
  const each = [...planted, ...unseen].flatMap(({ name, mutations }) =>
    [...Map.groupBy(mutations, ({ file }) => file)].map(([file, own]) => ({ name, file, mutations: own })),
  );
  // A mistake of several roles is one change.
  return [...new Map(each.map((one) => [JSON.stringify(one.mutations), one])).values()];
}

/** Writes the source with its mistake beside the source. @returns its path from `folder` */
function writeChanged(folder: string, { file, mutations }: Changed, index: number): string {
  const path = file.replace(/\.ts$/, `.planted-${index}.ts`);
  writeFileSync(join(folder, path), mutations.reduce(mutate, readFileSync(join(ROOT, file), 'utf8')));
  return path;
}

t.test('a mistake is code that runs: no row breaks the syntax, or names what does not exist', async (t) => {
  const folder = t.testdir();
  for (const name of COPIED) cpSync(join(ROOT, name), join(folder, name), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  const changed = changedFiles();
  const files = changed.map((one, index) => writeChanged(folder, one, index));
  const compilerOptions = { noEmit: true, noUnusedLocals: false, noUnusedParameters: false };
  const config = { extends: join(ROOT, 'tsconfig.base.json'), compilerOptions, files };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  const { stdout } = spawnSync(process.execPath, [tsc, '-p', folder, '--pretty', 'false'], { encoding: 'utf8' });
  t.ok(files.length > 100, `${files.length} changed files`);
  const lines = stdout.split('\n');
  t.ok(
    lines.some((line) => line.includes('.planted-')),
    'the compiler looked at them: some mistakes break a type',
  );
  // After a condition that is always true, a value has no type left: that says nothing about its members.
  const unknown = lines.filter((line) => UNKNOWN.test(line) && !line.includes("on type 'never'"));
  t.same(
    unknown.map((line) => `${changed[Number(/planted-(\d+)/.exec(line)?.[1])]?.name}: ${line}`),
    [],
  );
});
