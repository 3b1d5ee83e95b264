import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, realpathSync, symlinkSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { ROOT } from './pages.ts';

const PACKAGES = '@0k-sync';

/** Copies what git knows of this tree into `directory`, with the installed packages linked and the own ones its own. */
export function copyTree(directory: string): void {
  const known = execFileSync('git', ['ls-files', '-z'], { cwd: ROOT, encoding: 'utf8' }).split('\0');
  for (const file of known.filter((each) => each !== '' && existsSync(join(ROOT, each)))) {
    mkdirSync(dirname(join(directory, file)), { recursive: true });
    cpSync(join(ROOT, file), join(directory, file));
  }
  linkPackages(directory);
  for (const workspace of readdirSync(ROOT).filter((name) => !name.startsWith('.'))) {
    const installed = join(ROOT, workspace, 'node_modules');
    if (existsSync(installed)) symlinkSync(installed, join(directory, workspace, 'node_modules'));
  }
  execFileSync('git', ['init', '--quiet'], { cwd: directory });
  execFileSync('git', ['add', '--all'], { cwd: directory });
}

/** Links every installed package; those of this tree to their place in the copy. */
function linkPackages(directory: string): void {
  const installed = join(ROOT, 'node_modules');
  mkdirSync(join(directory, 'node_modules', PACKAGES), { recursive: true });
  for (const name of readdirSync(installed)) {
    if (name !== PACKAGES) symlinkSync(join(installed, name), join(directory, 'node_modules', name));
  }
  for (const name of readdirSync(join(installed, PACKAGES))) {
    const workspace = relative(ROOT, realpathSync(join(installed, PACKAGES, name)));
    symlinkSync(join(directory, workspace), join(directory, 'node_modules', PACKAGES, name));
  }
}
