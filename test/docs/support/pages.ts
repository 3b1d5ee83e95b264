import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of this tree. */
export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** The text of a page; `page` is its path from the root. */
export function readPage(page: string): string {
  return readFileSync(join(ROOT, page), 'utf8');
}

/** The examples of a page by name: the code blocks that follow a `run:` comment. */
export function examplesOf(page: string): ReadonlyMap<string, string> {
  const blocks = readPage(page).matchAll(/<!-- run: ([\w-]+) -->\n```\w+\n(.*?)```/gs);
  return new Map([...blocks].map(([, name = '', code = '']) => [name, code]));
}
