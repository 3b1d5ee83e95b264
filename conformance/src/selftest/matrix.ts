import type { Kill } from './kill.ts';

/** The part of an id that names its detector: `area/topic`. */
function detectorOf(id: string): string {
  return id.split('/').slice(0, 2).join('/');
}

/** Rows of cells as text, each column as wide as its widest cell. */
export function tableText(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return `${lines.join('\n')}\n`;
}

/** Fault by detector: how many tests of the detector find it; a dot is none. */
export function killMatrix(kills: readonly Kill[]): string {
  const detectors = [...new Set(kills.flatMap(({ killers }) => killers.map(({ id }) => detectorOf(id))))].sort();
  const names = detectors.map((detector, index) => `${index + 1} ${detector}`);
  const header = ['fault', ...detectors.map((_, index) => String(index + 1)), 'killed'];
  const rows = kills.map(({ fault, killers, complaint }) => [
    fault.name,
    ...detectors.map((detector) => String(killers.filter(({ id }) => detectorOf(id) === detector).length || '·')),
    complaint === undefined ? 'yes' : 'NO',
  ]);
  return `${tableText([header, ...rows])}\n${names.join('\n')}\n`;
}
