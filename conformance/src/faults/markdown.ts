/** A text file; `file` is its name for people. */
export interface SourceFile {
  readonly file: string;
  readonly text: string;
}

/** A line of a source file, counted from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
}

/** A defect at a place of a file. */
export interface Defect extends Place {
  readonly message: string;
}

/** A row; its cells are trimmed, with `\|` read as `|`. */
export interface Row {
  readonly place: Place;
  readonly cells: readonly string[];
}

/** A table with its marker, the comment on the line in front: `<!-- table: kind words -->`. */
export interface MarkedTable {
  readonly place: Place;
  readonly words: readonly string[];
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
}

const MARKER = /^<!--\s*table:\s*(.*?)\s*-->$/;
const DELIMITER = /^\|(?:\s*:?-+:?\s*\|)+$/;

/** The tables of a file, and its defects: a marker without a table, and a table without a marker. */
export function markedTables({ file, text }: SourceFile): {
  readonly tables: readonly MarkedTable[];
  readonly defects: readonly Defect[];
} {
  const lines = text.split('\n').map((line) => line.trim());
  const tables: MarkedTable[] = [];
  const defects: Defect[] = [];
  lines.forEach((line, index) => {
    const place = { file, line: index + 1 };
    const marker = MARKER.exec(line)?.[1];
    const isTable = DELIMITER.test(lines[index + 2] ?? '') && isRow(lines[index + 1]);
    if (marker !== undefined && !isTable) defects.push({ ...place, message: 'no table follows the marker' });
    if (marker === undefined && isTable) defects.push({ file, line: index + 2, message: 'the table has no marker' });
    if (marker === undefined || !isTable) return;
    const rows = rowsFrom(file, lines, index + 3);
    tables.push({ place, words: marker.split(/\s+/), columns: cellsOf(lines[index + 1] ?? ''), rows });
  });
  return { tables, defects };
}

function rowsFrom(file: string, lines: readonly string[], start: number): readonly Row[] {
  const rows: Row[] = [];
  for (let index = start; isRow(lines[index]); index += 1)
    rows.push({ place: { file, line: index + 1 }, cells: cellsOf(lines[index] ?? '') });
  return rows;
}

function isRow(line: string | undefined): boolean {
  return line?.startsWith('|') === true;
}

/** Divided at each `|` without a backslash in front, as GitHub Flavored Markdown has it. */
function cellsOf(line: string): readonly string[] {
  const cells = line.split(/(?<!\\)\|/).slice(1);
  if (cells.at(-1)?.trim() === '') cells.pop();
  return cells.map((cell) => cell.trim().replaceAll('\\|', '|'));
}
