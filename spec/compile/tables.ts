import { type MarkdownTable, readTables } from './markdown.ts';
import type { Place, Report } from './report.ts';
import type { SourceFile } from './sources.ts';

/** The tables that code depends on, with their columns. */
const COLUMNS = {
  requirements: ['id', 'level', 'requirement', 'violation'],
  machine: ['id', 'state', 'event', 'next', 'actions'],
  limits: ['id', 'name', 'value', 'unit', 'meaning'],
  errors: ['number', 'name', 'class', 'retry', 'stream', 'meaning', 'hint'],
  classes: ['class', 'clause', 'meaning'],
  labels: ['id', 'label', 'use'],
  frames: ['frame', 'from', 'states', 'event', 'answer', 'meaning'],
  patterns: ['suite', 'protocol_name', 'alpn', 'version'],
  pattern: ['message', 'from', 'tokens', 'length'],
  tokens: ['token', 'effect'],
} as const;

/** The kind of a marked table. */
export type Kind = keyof typeof COLUMNS;
/** A column of a kind of table. */
export type ColumnOf<K extends Kind> = (typeof COLUMNS)[K][number];
/** A row of a kind of table, with its cells by column. */
export type TableRow<K extends Kind> = { readonly place: Place; readonly cell: Readonly<Record<ColumnOf<K>, string>> };

/** A marked table of one kind; `words` is what its marker says after the kind. */
export type Table<K extends Kind> = {
  readonly kind: K;
  readonly place: Place;
  readonly words: readonly string[];
  readonly rows: readonly TableRow<K>[];
};

/** The marked tables of all chapters, by kind. */
export type Tables = { readonly [K in Kind]: Table<K>[] };

/** A requirement id: chapter prefix and number. */
export const ID = /^[A-Z]{2}-(?:[1-9]\d{2}|\d{2})$/;

const NAMED: readonly string[] = ['machine', 'pattern'];

/** Reads the marked tables. Reports unknown markers, wrong columns, malformed rows, unmarked tables with ids, kinds that are missing. */
export function collectTables(chapters: readonly SourceFile[], report: Report): Tables {
  const tables: Tables = {
    requirements: [],
    machine: [],
    limits: [],
    errors: [],
    classes: [],
    labels: [],
    frames: [],
    patterns: [],
    pattern: [],
    tokens: [],
  };
  for (const chapter of chapters) {
    for (const table of readTables(chapter, report)) sortInto(tables, table, report);
  }
  for (const kind of Object.keys(COLUMNS) as Kind[]) {
    if (tables[kind].length === 0) report({ file: 'spec', line: 1 }, `no chapter has a table of kind "${kind}"`);
  }
  return tables;
}

function sortInto(tables: Tables, table: MarkdownTable, report: Report): void {
  if (table.marker === undefined) {
    for (const { place, cells } of table.rows) {
      if (ID.test(cells[0] ?? '')) report(place, `"${cells[0]}" stands in a table without a marker`);
    }
    return;
  }
  const [kind = '', ...words] = table.marker.split(/\s+/);
  const defect = isKind(kind) ? findTableDefect(kind, words, table) : `unknown table "${kind}"`;
  if (defect !== undefined) report(table.place, defect);
  else if (isKind(kind)) pushTable(tables, kind, table, words, report);
}

function findTableDefect(
  kind: Kind,
  words: readonly string[],
  { columns, rows, marker }: MarkdownTable,
): string | undefined {
  if (words.length > 0 && !NAMED.includes(kind)) return `a table "${kind}" takes no "${words.join(' ')}"`;
  if (columns.join() !== COLUMNS[kind].join()) return `a table "${kind}" has the columns ${COLUMNS[kind].join(' | ')}`;
  return rows.length === 0 ? `the table "${marker}" is empty` : undefined;
}

function pushTable<K extends Kind>(
  tables: Tables,
  kind: K,
  table: MarkdownTable,
  words: string[],
  report: Report,
): void {
  const columns: readonly ColumnOf<K>[] = COLUMNS[kind];
  const rows: TableRow<K>[] = [];
  for (const { place, cells } of table.rows) {
    const empty = columns.find((_, index) => cells[index] === '');
    if (cells.length !== columns.length) {
      report(place, `the row has ${cells.length} cells, the table ${columns.length} columns`);
    } else if (empty !== undefined) {
      report(place, `"${empty}" is empty`);
    } else {
      const pairs = columns.map((column, index) => [column, cells[index]]);
      rows.push({ place, cell: Object.fromEntries(pairs) as Record<ColumnOf<K>, string> });
    }
  }
  const list: Table<K>[] = tables[kind];
  list.push({ kind, place: table.place, words, rows });
}

function isKind(word: string): word is Kind {
  return Object.hasOwn(COLUMNS, word);
}
