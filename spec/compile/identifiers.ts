import { compareText, type Place, type Report } from './report.ts';
import { ID, type Tables } from './tables.ts';

/** A row's id and where it is defined. */
export type Identifier = {
  readonly id: string;
  readonly place: Place;
  readonly kind: 'requirement' | 'transition' | 'limit' | 'label';
};

/** Order by prefix, then number: SE-99 before SE-100. */
export function compareId(a: string, b: string): number {
  const [prefixA = '', numberA = ''] = a.split('-');
  const [prefixB = '', numberB = ''] = b.split('-');
  return compareText(prefixA, prefixB) || Number(numberA) - Number(numberB) || compareText(a, b);
}

/** The ids of requirements, transitions, limits and labels: one name space over all chapters. */
export function readIdentifiers(tables: Tables, report: Report): Identifier[] {
  const identifiers = [
    ...tables.requirements.flatMap(({ rows }) => rows.map((row) => identify(row, 'requirement'))),
    ...tables.machine.flatMap(({ rows }) => rows.map((row) => identify(row, 'transition'))),
    ...tables.limits.flatMap(({ rows }) => rows.map((row) => identify(row, 'limit'))),
    ...tables.labels.flatMap(({ rows }) => rows.map((row) => identify(row, 'label'))),
  ];
  identifiers.sort((a, b) => compareText(a.place.file, b.place.file) || a.place.line - b.place.line);
  checkIdentifiers(identifiers, report);
  return identifiers.sort((a, b) => compareId(a.id, b.id));
}

function identify(
  row: { readonly place: Place; readonly cell: { readonly id: string } },
  kind: Identifier['kind'],
): Identifier {
  return { id: row.cell.id, place: row.place, kind };
}

/** Each id is well formed and unique; a chapter has one prefix and a prefix one chapter. */
function checkIdentifiers(identifiers: readonly Identifier[], report: Report): void {
  const seen = new Map<string, Place>();
  const prefixOf = new Map<string, string>();
  const chapterOf = new Map<string, string>();
  for (const { id, place } of identifiers) {
    if (!ID.test(id)) {
      report(place, `the id "${id}" is not two capitals, a hyphen and two or three digits`);
      continue;
    }
    const first = seen.get(id);
    if (first !== undefined) report(place, `the id ${id} stands at ${first.file}:${first.line} already`);
    else seen.set(id, place);
    const prefix = id.slice(0, 2);
    const expected = prefixOf.get(place.file);
    const chapter = chapterOf.get(prefix);
    if (expected !== undefined && expected !== prefix)
      report(place, `${id} stands in a chapter whose prefix is ${expected}`);
    if (expected === undefined && chapter !== undefined) report(place, `${id} has the prefix of ${chapter}`);
    if (expected === undefined) prefixOf.set(place.file, prefix);
    if (chapter === undefined) chapterOf.set(prefix, place.file);
  }
}
