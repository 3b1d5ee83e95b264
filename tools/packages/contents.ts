import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import type { Packed } from './pack.ts';

const REQUIRED = ['README.md', 'LICENSE', 'LICENSE-APACHE', 'LICENSE-MIT', 'package.json'];

/** Returns the defects of a package's files, one sentence each. */
export function findDefects({ folder, files }: Packed): string[] {
  const packed = new Set(files);
  const missing = REQUIRED.filter((file) => !packed.has(file)).map((file) => `${file} is missing`);
  const unwanted = files
    .filter((file) => /tsbuildinfo$|(?:^|\/)test\//.test(file))
    .map((file) => `${file} is not for users`);
  const maps = files.filter((file) => file.endsWith('.map'));
  return [...missing, ...unwanted, ...maps.flatMap((map) => findMapDefects(folder, map, packed))];
}

/** A map leads to a source that the package has, and does not hold a copy of it. */
function findMapDefects(folder: string, map: string, packed: ReadonlySet<string>): string[] {
  const { sources, sourcesContent } = JSON.parse(readFileSync(join(folder, map), 'utf8')) as {
    readonly sources: readonly string[];
    readonly sourcesContent?: readonly string[];
  };
  const paths = sources.map((source) => posix.join(posix.dirname(map), source));
  const lost = paths.filter((path) => !packed.has(path)).map((path) => `${map} leads to ${path}, which is missing`);
  return sourcesContent === undefined ? lost : [...lost, `${map} has a second copy of its source`];
}
