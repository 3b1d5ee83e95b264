import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Output } from './emit-module.ts';

/** Directories whose files are all the compiler's; what it no longer emits is removed from them. */
const OWNED = ['protocol/src', 'protocol/src/machines', 'spec/src', 'diagrams', 'transcripts'];

/** Writes the outputs below `directory` and removes the stale ones. */
export function writeOutputs(directory: string, outputs: readonly Output[]): void {
  const paths = new Set(outputs.map(({ path }) => path));
  for (const owned of OWNED) {
    mkdirSync(join(directory, owned), { recursive: true });
    for (const entry of readdirSync(join(directory, owned), { withFileTypes: true })) {
      if (entry.isFile() && !paths.has(`${owned}/${entry.name}`)) rmSync(join(directory, owned, entry.name));
    }
  }
  for (const { path, text } of outputs) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
}
