import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

const FILES = '{test,*/test,*/*/test}/**/*.test.ts';
const NOT_OURS = ['**/node_modules/**', '**/dist/**', '**/fixtures/**', '.*/**'];
/** The duration of each file's last run, ms. */
const DURATIONS = '.tap/durations.json';

type Durations = Readonly<Record<string, number>>;

/** Every test file of the tree, relative to the working directory. */
export function findFiles(): string[] {
  return globSync(FILES, { exclude: NOT_OURS }).sort();
}

/** The files in the order in which they are started, so that no long one runs alone at the end. A new file goes first. */
export function longestFirst(files: readonly string[]): string[] {
  const durations = readDurations();
  const durationOf = (file: string) => durations[file] ?? Number.POSITIVE_INFINITY;
  return files.toSorted((a, b) => (durationOf(a) === durationOf(b) ? 0 : durationOf(b) - durationOf(a)));
}

/** Keeps the durations for the next run. */
export function saveDurations(results: readonly { readonly file: string; readonly durationMs: number }[]): void {
  const durations = { ...readDurations(), ...Object.fromEntries(results.map((each) => [each.file, each.durationMs])) };
  mkdirSync(dirname(DURATIONS), { recursive: true });
  writeFileSync(DURATIONS, JSON.stringify(durations));
}

function readDurations(): Durations {
  try {
    return JSON.parse(readFileSync(DURATIONS, 'utf8')) as Durations;
  } catch {
    return {};
  }
}
