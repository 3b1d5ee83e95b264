import { spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import t, { type Test } from 'tap';
import { GOOD_ROOT } from '../../../spec/test/fixture.ts';

const MAIN = join(import.meta.dirname, '..', 'main.ts');
const ALL = "t.test('SE-01 to SE-100, LI-10, LI-11: all of it', run);\n";

/** The good spec and files beside it, as git knows them. */
function makeTree(t: Test, files: Readonly<Record<string, string>>): string {
  const root = t.testdir({});
  cpSync(GOOD_ROOT, root, { recursive: true });
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  spawnSync('git', ['init', '--quiet'], { cwd: root });
  spawnSync('git', ['add', '--force', '.'], { cwd: root });
  return root;
}

function run(root: string, ...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [MAIN, '--root', root, ...args], { encoding: 'utf8' });
}

t.test('writes the page, the same bytes each time, and is content with it', async (t) => {
  const root = makeTree(t, {
    'core/test/a.test.ts': ALL,
    'conformance/vectors/envelope/seal.json':
      '{"req":["SE-01"],"cases":[{"id":"seal-1"},{"id":"seal-2","req":["SE-02"]}]}',
    'conformance/src/suites/relay/order.ts':
      "export const acts = {\n  'relay/order': { requirements: ['SE-02'], run },\n};",
  });
  t.match(run(root), { status: 0, stdout: '', stderr: '' });
  const page = readFileSync(join(root, 'generated/docs/ledger.md'), 'utf8');
  t.match(
    page,
    /^\| SE-01 \| must \| .* \| 2: \[seal-1\]\(\.\.\/\.\.\/conf.*; \[seal-2\]\(.*\) \| — \| 1: \[SE-01 to SE-100, LI-10, LI-11: all of it\]/m,
  );
  t.match(page, /^\| SE-02 \| .* \| 1: \[seal-2\]\(.*\) \| 1: \[relay\/order\]\(.*\) \| 1: \[/m);
  t.match(run(root), { status: 0 });
  t.equal(readFileSync(join(root, 'generated/docs/ledger.md'), 'utf8'), page);
  t.match(run(root, '--check'), { status: 0, stdout: '', stderr: '' });
});

t.test('a must that nothing exercises is named with its line in spec/; a should and a limit are not', async (t) => {
  const root = makeTree(t, {
    'core/test/a.test.ts': "t.test('SE-02 SE-10 to SE-100 LI-10 LI-11', run);",
    'core/test/fixtures/a.test.ts': "t.test('SE-01 of a fixture', run);",
  });
  writeFileSync(join(root, 'core/test/new.test.ts'), "t.test('SE-01 that git does not know', run);");
  for (const args of [[], ['--check']]) {
    const { status, stderr } = run(root, ...args);
    t.equal(status, 1);
    t.match(stderr, /^spec\/session\.md:\d+: no vector, scenario or test exercises SE-01\n/m);
    t.notMatch(stderr, /exercises (SE-02|SE-04|LI-)/);
    t.match(stderr, /\nerror: .*\nhint: .*\n$/);
  }
});

t.test('an id that the spec does not have is named with its line in the test', async (t) => {
  const root = makeTree(t, { 'core/test/a.test.ts': `${ALL}t.test('SE-77 RL-99 misspelt', run);\n` });
  t.match(run(root), {
    status: 1,
    stderr: /^core\/test\/a\.test\.ts:2: "SE-77 RL-99 misspelt" names RL-99, which spec\/ does not have\n.*names SE-77/,
  });
});

t.test('a page that is stale or missing fails the check, which writes nothing', async (t) => {
  const root = makeTree(t, { 'core/test/a.test.ts': ALL });
  const missing = run(root, '--check');
  t.match(missing, {
    status: 1,
    stderr: /^error: generated\/docs\/ledger\.md is not .*\nhint: git add new tests, run make ledger/,
  });
  run(root);
  appendFileSync(join(root, 'core/test/a.test.ts'), "t.test('SE-01 once more', run);\n");
  const before = readFileSync(join(root, 'generated/docs/ledger.md'), 'utf8');
  t.equal(run(root, '--check').status, 1);
  t.equal(readFileSync(join(root, 'generated/docs/ledger.md'), 'utf8'), before);
});

t.test('a spec that does not compile says why', async (t) => {
  const root = makeTree(t, { 'core/test/a.test.ts': ALL });
  appendFileSync(join(root, 'spec/session.md'), '\nSE-88 is a mention\n');
  t.match(run(root), {
    status: 1,
    stderr: /^spec\/session\.md:\d+: SE-88 is defined nowhere\nerror: spec\/ does not compile\n/,
  });
});
