import { readPage } from './pages.ts';

/** A place in a file: the lines as they stand, and as they shall be. */
interface Hunk {
  readonly before: string;
  readonly after: string;
}

/** The change of a page to one file; a new file has one hunk that begins with nothing. */
export interface Patch {
  /** Path from the root. */
  readonly file: string;
  readonly hunks: readonly Hunk[];
}

/** The `diff` blocks of a page: `+++ path`, then hunks between `@@` lines. */
export function patchesOf(page: string): readonly Patch[] {
  return [...readPage(page).matchAll(/^```diff\n\+\+\+ ([^\n]*)\n(.*?)^```$/gms)].map(([, file = '', body = '']) => ({
    file,
    hunks: body.split(/^@@\n/m).map(readHunk),
  }));
}

function readHunk(body: string): Hunk {
  const lines = body.split('\n').slice(0, -1);
  const keep = (marks: string) =>
    lines.filter((line) => marks.includes(line[0] ?? ' ')).map((line) => `${line.slice(1)}\n`);
  return { before: keep(' -').join(''), after: keep(' +').join('') };
}

/** Applies a patch to the text of its file, undefined for a new one. Throws where a place is missing or not unique. */
export function applyPatch(text: string | undefined, { file, hunks }: Patch): string {
  return hunks.reduce((patched, { before, after }) => {
    if (before === '' && text === undefined) return after;
    const at = patched.indexOf(before);
    if (before === '' || at < 0) throw new Error(`${file} has no such lines:\n${before}`);
    if (patched.indexOf(before, at + 1) >= 0) throw new Error(`${file} has these lines twice:\n${before}`);
    return patched.slice(0, at) + after + patched.slice(at + before.length);
  }, text ?? '');
}
