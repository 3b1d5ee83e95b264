import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** One change of a source file of this tree: `to` stands where `from` stood. */
export interface Mutation {
  /** Path from the root of the tree. */
  readonly file: string;
  /** Text that the file has exactly once. */
  readonly from: string;
  readonly to: string;
}

const ROOT = new URL('../../../', import.meta.url);

/** The file of a mutation. */
export function urlOf({ file }: Mutation): string {
  return new URL(file, ROOT).href;
}

/** The source with the mistake. Throws when the text to change does not stand in it exactly once. */
export function mutate(source: string, { file, from, to }: Mutation): string {
  const [before = '', after, ...more] = source.split(from);
  if (after === undefined) throw new Error(`stale planted fault: ${file} has no ${JSON.stringify(from)}`);
  if (more.length > 0) throw new Error(`stale planted fault: ${file} has ${JSON.stringify(from)} more than once`);
  return before + to + after;
}

/** Throws if the mutation does not fit the present file. */
export function checkMutation(mutation: Mutation): void {
  mutate(readFileSync(fileURLToPath(urlOf(mutation)), 'utf8'), mutation);
}

/** True when this process loads the sources of a checkout: only they can be changed on their way. */
export function hasSources(): boolean {
  return import.meta.resolve('@0k-sync/core/bytes').endsWith('/core/src/bytes/index.ts');
}
