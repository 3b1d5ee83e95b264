import type { PlacedFile } from './model.ts';

/** Two spaces, members in the order of the model, cases sorted by id, a newline at the end. */
export function canonical({ file }: PlacedFile): string {
  const cases = [...file.cases].sort((first, second) => (first.id < second.id ? -1 : 1));
  return `${JSON.stringify({ ...file, cases }, null, 2)}\n`;
}
