import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { canonical } from './canonical.ts';
import type { PlacedFile, VectorFile } from './model.ts';

export const VECTORS = join(import.meta.dirname, '../vectors');
export const OPS_SCHEMA = join(import.meta.dirname, '../schema/ops.schema.json');
export const OPS_DOCUMENT = join(import.meta.dirname, '../../generated/docs/ops.md');
export const IMPLEMENTATIONS = join(import.meta.dirname, '../implementations');

/** Writes every file, and removes those that are made no more. */
export function writeVectors(files: readonly PlacedFile[]): void {
  const kept = new Set(files.map(({ path }) => `${path}.json`));
  for (const path of committedPaths()) if (!kept.has(path)) rmSync(join(VECTORS, path));
  for (const placed of files) {
    const path = join(VECTORS, `${placed.path}.json`);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, canonical(placed));
  }
}

/** `area/topic.json` of every file that is there, sorted. */
export function committedPaths(): readonly string[] {
  if (!existsSync(VECTORS)) return [];
  const entries = readdirSync(VECTORS, { recursive: true, encoding: 'utf8' });
  return entries.filter((path) => path.endsWith('.json')).sort();
}

export function readCommitted(path: string): { readonly text: string; readonly file: VectorFile } {
  const text = readFileSync(join(VECTORS, path), 'utf8');
  return { text, file: JSON.parse(text) as VectorFile };
}
