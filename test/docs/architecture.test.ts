import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { examplesOf, ROOT, readPage } from './support/pages.ts';

const PAGE = 'docs/architecture.md';

/** The rows that follow a push: the files that they link, from the root, and the names that are in them. */
function steps(): readonly { readonly files: readonly string[]; readonly names: readonly string[] }[] {
  const rows = readPage(PAGE).matchAll(/^\| [^|]+ \| (\[[^|]+) \| (`[^|]+) \|$/gm);
  return [...rows].map(([, files = '', names = '']) => ({
    files: [...files.matchAll(/\]\(\.\.\/([^)]+)\)/g)].map(([, file = '']) => file),
    names: [...names.matchAll(/`(\w+)`/g)].map(([, name = '']) => name),
  }));
}

/** A function, class or method of that name; a call ends with a semicolon. */
function declares(source: string, name: string): boolean {
  const before = '(?:export |async |function |class |const |readonly |static |get |[*#])*';
  return new RegExp(`^ *${before}${name}\\b(?!.*;$)`, 'm').test(source);
}

t.test(`${PAGE}: the files of a push have the names that the page gives`, async (t) => {
  t.ok(steps().length > 25, 'the page has the steps');
  for (const { files, names } of steps()) {
    const sources = files.map((file) => readFileSync(join(ROOT, file), 'utf8'));
    for (const name of names)
      t.ok(
        sources.some((source) => declares(source, name)),
        `${files.join(', ')}: ${name}`,
      );
  }
});

t.test(`${PAGE}: every folder and file that it names exists`, async (t) => {
  const paths = [...readPage(PAGE).matchAll(/`([a-z]+(?:\/[\w.-]+)*\/?)`/g)]
    .map(([, path = '']) => path)
    .filter((path) => path.includes('/') && !path.startsWith('lesson/'));
  t.ok(paths.length > 20, 'the page names folders');
  for (const path of paths) t.ok(existsSync(join(ROOT, path)), path);
});

t.test(`${PAGE}: a requirement is found as it says`, async (t) => {
  for (const line of (examplesOf(PAGE).get('find') ?? '').trim().split('\n')) {
    const run = spawnSync('sh', ['-euc', line], { cwd: ROOT, encoding: 'utf8' });
    t.match(run.stdout, /CL-07/, line);
    t.equal(run.status, 0, line);
  }
});
