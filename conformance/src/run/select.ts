import { matchesGlob } from 'node:path';

/** True when `id` is `pattern` or matches it as a glob: `*` within a part, `**` across parts. */
export function matches(id: string, pattern: string): boolean {
  return id === pattern || matchesGlob(id, pattern);
}

interface Selectable {
  readonly id: string;
  /** The positive control of a negative. */
  readonly twin?: string | undefined;
}

/** The patterns that no test matches. */
export function unmatched(tests: readonly Selectable[], only: readonly string[]): string[] {
  return only.filter((pattern) => !tests.some(({ id }) => matches(id, pattern)));
}

/** The tests that match one of the patterns (all without patterns), and the controls that their verdicts need. */
export function select<Test extends Selectable>(tests: readonly Test[], only: readonly string[]): Test[] {
  if (only.length === 0) return [...tests];
  const chosen = new Set(tests.filter(({ id }) => only.some((pattern) => matches(id, pattern))).map(({ id }) => id));
  for (const { id, twin } of tests) if (twin !== undefined && chosen.has(id)) chosen.add(twin);
  return tests.filter(({ id }) => chosen.has(id));
}
