import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { ROOT, readPage } from './support/pages.ts';

const { workspaces }: { readonly workspaces: readonly string[] } = JSON.parse(readPage('package.json'));

interface Manifest {
  readonly private?: boolean;
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly bin?: Readonly<Record<string, string>>;
}

/** The subpaths and programs that a package offers. */
function offersOf({ exports = {}, bin = {} }: Manifest): readonly string[] {
  const subpaths = Object.keys(exports).filter((path) => path !== '.' && path !== './main');
  return [...subpaths.map((path) => path.slice(2)), ...Object.keys(bin)];
}

for (const workspace of workspaces) {
  t.test(`${workspace}/README.md says what the package is, offers and may import`, async (t) => {
    const manifest: Manifest = JSON.parse(readFileSync(join(ROOT, workspace, 'package.json'), 'utf8'));
    const page = readPage(`${workspace}/README.md`);
    t.match(page, /^# .+\n\n\S/m, 'it begins with what it is');
    if (manifest.private) return;
    for (const part of ['Public face', 'May import']) t.match(page, `**${part}:**`);
    for (const offer of offersOf(manifest)) t.match(page, new RegExp(`\`(\\./|@0k-sync/[a-z]+/)?${offer}\``), offer);
  });
}
