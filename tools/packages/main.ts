// Packs each published workspace and checks the tarball: publint on the manifest, attw on how its types resolve, and the files.
import { spawnSync } from 'node:child_process';
import { findDefects } from './contents.ts';
import { type Packed, packAll } from './pack.ts';

const CHECKS = [
  ['publint', 'run', '--strict'],
  ['attw', '--profile', 'esm-only', '--format', 'ascii', '--no-color', '--no-emoji'],
] as const;

function isSound(packed: Packed): boolean {
  const defects = findDefects(packed);
  for (const defect of defects) process.stderr.write(`${packed.name}: ${defect}\n`);
  const failed = CHECKS.filter(([command, ...options]) => {
    const run = spawnSync(command, [...options, packed.tarball], { encoding: 'utf8' });
    if (run.status !== 0) process.stderr.write(`${run.stdout ?? ''}${run.stderr ?? ''}${run.error?.message ?? ''}\n`);
    return run.status !== 0;
  });
  return defects.length === 0 && failed.length === 0;
}

function kilobytes(bytes: number): string {
  return `${Math.round(bytes / 1000)} kB`.padStart(9);
}

const all = packAll();
for (const { name, size, unpackedSize } of all) {
  process.stdout.write(`${name.padEnd(22)}${kilobytes(size)} packed${kilobytes(unpackedSize)} unpacked\n`);
}
const unsound = all.filter((packed) => !isSound(packed));
process.stdout.write(`packages: ${all.length - unsound.length} sound, ${unsound.length} not\n`);
if (unsound.length > 0) {
  const names = unsound.map(({ name }) => name).join(', ');
  process.stderr.write(`error: not fit to publish: ${names}\nhint: the findings stand above\n`);
  process.exitCode = 1;
}
