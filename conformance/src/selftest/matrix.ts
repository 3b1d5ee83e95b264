import type { Kill } from './kill.ts';

/** The part of an id that names its detector: `area/topic`. */
export function detectorOf(id: string): string {
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

/** Each detector that finds a fault, with the number of its tests that do: `relay/pull 3, relay/subscribe 7`. */
function detectorsOf({ killers }: Kill): string {
  const byDetector = Map.groupBy(killers, ({ id }) => detectorOf(id));
  const counts = [...byDetector].map(([detector, found]) => `${detector} ${found.length}`);
  return counts.sort().join(', ');
}

/** A row for each fault: whether it was killed as named, and what found it. */
export function killMatrix(kills: readonly Kill[]): string {
  const rows = kills.map((kill) => [
    kill.fault.name,
    kill.complaint === undefined ? 'yes' : 'NO',
    detectorsOf(kill) || 'nothing',
  ]);
  return tableText([['fault', 'killed', 'found by'], ...rows]);
}
