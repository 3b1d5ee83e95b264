import { execFileSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { dirname, join, matchesGlob } from 'node:path';
import t from 'tap';
import { ROOT, readPage } from './support/pages.ts';

/** Every Markdown page that git knows, without the trees that tests run on. */
function pages(): readonly string[] {
  const listed = execFileSync('git', ['ls-files', '-z', '*.md'], { cwd: ROOT, encoding: 'utf8' }).split('\0');
  return listed.filter((file) => file !== '' && !matchesGlob(file, '**/fixtures/**') && existsSync(join(ROOT, file)));
}

/** A page without its code blocks and code spans. */
function prose(page: string): string {
  return readPage(page)
    .replaceAll(/^```.*?^```/gms, '')
    .replaceAll(/`[^`\n]*`/g, '``');
}

/** The anchors of a page: its headings as hosts spell them. */
function anchors(page: string): ReadonlySet<string> {
  const headings = readPage(page).matchAll(/^#+ (.*)$/gm);
  return new Set([...headings].map(([, text = '']) => anchorOf(text)));
}

function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');
}

/** Links to files of this tree, as [path, anchor]. */
function links(page: string): readonly (readonly [string, string])[] {
  const targets = [...prose(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
  return targets
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => [target.split('#')[0] ?? '', target.split('#')[1] ?? ''] as const);
}

for (const page of pages()) {
  t.test(`${page}: every link leads somewhere`, async (t) => {
    for (const [path, anchor] of links(page)) {
      const file = path === '' ? page : join(dirname(page), decodeURIComponent(path));
      const stands = existsSync(join(ROOT, file));
      t.ok(stands, path);
      if (!stands || anchor === '' || statSync(join(ROOT, file)).isDirectory()) continue;
      t.ok(anchors(file).has(anchor), `${path}#${anchor}`);
    }
  });
}
