import type { Place, Report } from './report.ts';
import type { SourceFile } from './sources.ts';

/** A table row; `cells` are trimmed, with `\|` read as `|`. */
export type Row = { readonly place: Place; readonly cells: readonly string[] };

/** A Markdown table; `marker` is the text of the comment on the line before it, without `table:`. */
export type MarkdownTable = {
  readonly place: Place;
  readonly marker: string | undefined;
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
};

const MARKER = /^<!--\s*table:\s*(.*?)\s*-->$/;
const FENCE = /^\s*(```|~~~)/;
const DELIMITER_CELL = /^:?-+:?$/;

/** The tables of a chapter. A table in a code fence does not count. */
export function readTables({ file, text }: SourceFile, report: Report): MarkdownTable[] {
  const lines = text.split(/\r?\n/);
  const tables: MarkdownTable[] = [];
  let fence: string | undefined;
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    const mark = FENCE.exec(line)?.[1];
    if (mark !== undefined && (fence === undefined || fence === mark)) {
      fence = fence === undefined ? mark : undefined;
      continue;
    }
    if (fence !== undefined) continue;
    const marker = MARKER.exec(line.trim())?.[1];
    if (marker !== undefined) {
      if (isTableAt(lines, index + 1)) continue;
      report({ file, line: index + 1 }, `no table follows the marker "${marker}"`);
    }
    if (!isTableAt(lines, index)) continue;
    const table = readTable(file, lines, index);
    tables.push(table);
    index += table.rows.length + 1;
  }
  return tables;
}

function isTableAt(lines: readonly string[], index: number): boolean {
  const delimiter = lines[index + 1]?.trim() ?? '';
  return isRow(lines[index]) && isRow(delimiter) && splitCells(delimiter).every((cell) => DELIMITER_CELL.test(cell));
}

function readTable(file: string, lines: readonly string[], index: number): MarkdownTable {
  const rows: Row[] = [];
  for (let next = index + 2; isRow(lines[next]); next += 1) {
    rows.push({ place: { file, line: next + 1 }, cells: splitCells(lines[next] ?? '') });
  }
  return {
    place: { file, line: index + 1 },
    marker: MARKER.exec(lines[index - 1]?.trim() ?? '')?.[1],
    columns: splitCells(lines[index] ?? ''),
    rows,
  };
}

function isRow(line: string | undefined): boolean {
  return line?.trimStart().startsWith('|') === true;
}

/** Splits at each `|` without a backslash, as GitHub Flavored Markdown does (also inside code spans). */
function splitCells(line: string): string[] {
  const cells = line.trim().split(/(?<!\\)\|/);
  cells.shift();
  if (cells.at(-1)?.trim() === '') cells.pop();
  return cells.map((cell) => cell.trim().replaceAll('\\|', '|'));
}
