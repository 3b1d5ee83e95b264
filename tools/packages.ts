/** Checks each published workspace as users will get it: publint on the manifest, attw on how its types resolve. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const manifest: { readonly workspaces: readonly string[] } = JSON.parse(readFileSync('package.json', 'utf8'));
const CHECKS = [
  ['publint', 'run', '--strict'],
  ['attw', '--profile', 'esm-only', '--format', 'ascii', '--no-color', '--no-emoji', '--pack'],
] as const;

function isPrivate(workspace: string): boolean {
  return JSON.parse(readFileSync(`${workspace}/package.json`, 'utf8')).private === true;
}

function isSound(workspace: string): boolean {
  return CHECKS.every(([command, ...options]) => {
    const run = spawnSync(command, [...options, workspace], { encoding: 'utf8' });
    if (run.status !== 0) process.stderr.write(`${run.stdout ?? ''}${run.stderr ?? ''}${run.error?.message ?? ''}\n`);
    return run.status === 0;
  });
}

const published = manifest.workspaces.filter((workspace) => !isPrivate(workspace));
const unsound = published.filter((workspace) => !isSound(`./${workspace}`));
process.stdout.write(`packages: ${published.length - unsound.length} sound, ${unsound.length} not\n`);
if (unsound.length > 0) {
  process.stderr.write(`error: not fit to publish: ${unsound.join(', ')}\nhint: the findings stand above\n`);
  process.exitCode = 1;
}
