import {
  optional,
  readBug,
  readChange,
  readClass,
  readRequirements,
  readSender,
  readSlug,
  readText,
  readValue,
  readWords,
} from './cells.ts';
import { type Defect, type MarkedTable, markedTables, type Place, type Row, type SourceFile } from './markdown.ts';

const about = { requirements: readRequirements, bug: optional(readBug), says: readText };

/** The columns of each kind of table, with what reads their cells. */
const kinds = {
  /** Changes of a positive case that must be refused with a class. */
  faults: { slug: readSlug, of: readSlug, change: readChange, class: readClass, ...about },
  /** Changes of a positive case that must be accepted; `gives` changes its answer. */
  harmless: { slug: readSlug, of: readSlug, change: readChange, gives: optional(readChange), ...about },
  /** Good frames of every kind, as JSON. */
  samples: { slug: readSlug, from: readSender, frame: readValue },
  /** Positive cases. */
  cases: { slug: readSlug, in: readValue, ok: readValue, ...about },
  /** Stories of a log: the envelopes of senders, and a receiver's verdicts. */
  stories: {
    slug: readSlug,
    members: readWords,
    envelopes: readWords,
    outcomes: readWords,
    heads: readWords,
    ...about,
  },
  /** Faults of frames that have no vector; each is a scenario, whose id the marker and the slug give. Out of turn, a frame needs no change. */
  live: { slug: readSlug, of: readSlug, change: optional(readChange), class: readClass, ...about },
  /** Rows that run under the id of a scenario that is older than the table, with more requirements. */
  scenarios: { scenario: readText, row: readSlug, requirements: optional(readRequirements) },
  /** The bugs that rows name. */
  bugs: { bug: readBug, mistake: readText, effect: readText, requirements: readRequirements },
} as const;

type Kind = keyof typeof kinds;
type Cells<K extends Kind> = {
  readonly [C in keyof (typeof kinds)[K]]: (typeof kinds)[K][C] extends (cell: string) => infer V ? V : never;
};

/** A row with where it stands. `path` is the vector file that its table is for, `area/topic`; a table of bugs has none. */
export type RowOf<K extends Kind> = Cells<K> & { readonly path: string; readonly place: Place };
export type FaultRow = RowOf<'faults'>;
export type HarmlessRow = RowOf<'harmless'>;
export type SampleRow = RowOf<'samples'>;
export type CaseRow = RowOf<'cases'>;
export type StoryRow = RowOf<'stories'>;
export type LiveRow = RowOf<'live'>;
export type Bug = RowOf<'bugs'>;
export type Tables = { readonly [K in Kind]: readonly RowOf<K>[] };
type MutableTables = { readonly [K in Kind]: RowOf<K>[] };

/** The tables are not what they have to be; the message has a line for each defect. */
export class DefectiveTables extends Error {
  override readonly name = 'DefectiveTables';

  constructor(defects: readonly Defect[]) {
    super(defects.map(({ file, line, message }) => `${file}:${line}: ${message}`).join('\n'));
  }
}

/** Reads the marked tables of files. Throws DefectiveTables, which names every defect with its line. */
export function readTables(files: readonly SourceFile[]): Tables {
  const defects: Defect[] = [];
  const tables = Object.fromEntries(Object.keys(kinds).map((kind) => [kind, []])) as unknown as MutableTables;
  for (const file of files) {
    const marked = markedTables(file);
    defects.push(...marked.defects);
    for (const table of marked.tables) defects.push(...sortInto(tables, table));
  }
  defects.push(...mismatches(tables));
  if (defects.length > 0) throw new DefectiveTables(defects);
  return tables;
}

function sortInto(tables: MutableTables, { place, words, columns, rows }: MarkedTable): Defect[] {
  const [kind = '', path = '', ...rest] = words;
  if (!Object.hasOwn(kinds, kind)) return [{ ...place, message: `there is no table of the kind "${kind}"` }];
  const readers: Readonly<Record<string, (cell: string) => unknown>> = kinds[kind as Kind];
  const names = Object.keys(readers);
  if ((path === '') !== (kind === 'bugs') || rest.length > 0)
    return [{ ...place, message: `the marker is "${kind}${kind === 'bugs' ? '' : ' area/topic'}"` }];
  if (columns.join() !== names.join()) return [{ ...place, message: `the columns are ${names.join(' | ')}` }];
  if (rows.length === 0) return [{ ...place, message: 'the table is empty' }];
  const list: object[] = tables[kind as Kind];
  return rows.flatMap((row) => {
    const { cells, defects } = readRow(row, readers);
    if (defects.length === 0) list.push({ ...cells, path, place: row.place });
    return defects;
  });
}

function readRow({ place, cells }: Row, readers: Readonly<Record<string, (cell: string) => unknown>>) {
  const names = Object.keys(readers);
  const defects: Defect[] = [];
  if (cells.length !== names.length)
    defects.push({ ...place, message: `the row has ${cells.length} cells, the table ${names.length} columns` });
  const read = names.map((name, index) => {
    try {
      return [name, readers[name]?.(cells[index] ?? '')];
    } catch (failure) {
      defects.push({ ...place, message: `${name}: ${(failure as Error).message}` });
      return [name, undefined];
    }
  });
  return { cells: Object.fromEntries(read) as object, defects };
}

/** Names that stand twice, and names that nothing has. */
function mismatches({ bugs, scenarios, samples, ...others }: Tables): Defect[] {
  const rows = Object.values(others).flat();
  const known = { bugs: new Set(bugs.map(({ bug }) => bug)), rows: new Set(rows.map(idOf)) };
  const bugless = rows.filter(({ bug }) => bug !== undefined && !known.bugs.has(bug));
  const rowless = scenarios.filter(({ path, row }) => !known.rows.has(`${path}/${row}`));
  return [
    ...doubles(rows, idOf),
    ...doubles(bugs, ({ bug }) => bug),
    ...doubles(samples, ({ slug }) => slug),
    ...doubles(scenarios, ({ scenario }) => scenario),
    ...bugless.map(({ place, bug }) => ({ ...place, message: `no table of bugs has ${bug}` })),
    ...rowless.map(({ place, path, row }) => ({ ...place, message: `there is no row ${path}/${row}` })),
  ];
}

function idOf({ path, slug }: { readonly path: string; readonly slug: string }): string {
  return `${path}/${slug}`;
}

function doubles<R extends { readonly place: Place }>(rows: readonly R[], nameOf: (row: R) => string): Defect[] {
  const first = new Map<string, Place>();
  return rows.flatMap((row) => {
    const name = nameOf(row);
    const other = first.get(name);
    first.set(name, other ?? row.place);
    return other === undefined
      ? []
      : [{ ...row.place, message: `${name} stands at ${other.file}:${other.line} already` }];
  });
}
