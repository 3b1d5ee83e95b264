import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { ROOT, readPage } from './support/pages.ts';

const PAGES = execFileSync('git', ['ls-files', 'README.md', 'CONTRIBUTING.md', 'docs/*.md', 'examples/*.md'], {
  cwd: ROOT,
  encoding: 'utf8',
})
  .trim()
  .split('\n');
const TARGETS = new Set(
  [...readFileSync(join(ROOT, 'Makefile'), 'utf8').matchAll(/^([a-z]+):/gm)].map(([, name]) => name),
);

/** The shell blocks of a page, each with the line before it. */
function shellBlocks(page: string): readonly { readonly before: string; readonly lines: readonly string[] }[] {
  return [...readPage(page).matchAll(/^(.*)\n```sh\n(.*?)^```/gms)].map(([, before = '', code = '']) => ({
    before: before.split('\n').at(-1) ?? '',
    lines: code.trim().split('\n'),
  }));
}

/** A test runs it, it says why not, or it is a target of the Makefile, which CI runs. */
function isCovered(before: string, line: string): boolean {
  if (/^<!-- (run|not run): .+ -->$/.test(before)) return true;
  const [, target] = /^make ([a-z]+)( +#.*)?$/.exec(line) ?? [];
  return target !== undefined && TARGETS.has(target);
}

for (const page of PAGES) {
  t.test(`${page}: every command is run by a test`, async (t) => {
    for (const { before, lines } of shellBlocks(page)) {
      for (const line of lines) t.ok(isCovered(before, line), line);
    }
  });
}

t.test('CONTRIBUTING.md names targets that exist', async (t) => {
  const named = [...readPage('CONTRIBUTING.md').matchAll(/`make ([a-z]+)`/g)].map(([, target = '']) => target);
  t.ok(named.length > 5);
  for (const target of named) t.ok(TARGETS.has(target), target);
});

/** Tests of other folders that run every example of a page. */
const RUN_WHOLE: Readonly<Record<string, string>> = {
  'docs/cli.md': 'cli/test/docs.test.ts',
  'examples/shared-notes/README.md': 'test/examples/shared-notes.test.ts',
  'examples/todo/README.md': 'test/examples/todo-program.test.ts',
  'examples/shared-notes-python/README.md': 'python/tests/test_example.py',
};
const TESTS = execFileSync('git', ['ls-files', 'test/docs/*.test.ts', 'tools/consumer/*.test.ts'], {
  cwd: ROOT,
  encoding: 'utf8',
})
  .trim()
  .split('\n');

t.test('each example that a page marks with "run" is named by a test of that page', async (t) => {
  const sources = TESTS.map((file) => readFileSync(join(ROOT, file), 'utf8'));
  for (const page of PAGES) {
    const names = [...readPage(page).matchAll(/<!-- run: ([\w-]+) -->/g)].map(([, name = '']) => name);
    const whole = RUN_WHOLE[page];
    if (whole !== undefined) t.ok(existsSync(join(ROOT, whole)), whole);
    else
      for (const name of names)
        t.ok(
          sources.some((text) => isNamed(text, page, name)),
          `${page}: ${name}`,
        );
  }
});

/** True if the test reads the page and names the example. */
function isNamed(source: string, page: string, example: string): boolean {
  return source.includes(`'${page}'`) && source.includes(`'${example}'`);
}
