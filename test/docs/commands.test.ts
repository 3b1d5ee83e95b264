import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
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
