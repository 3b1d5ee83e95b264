/** A line of a source file; `line` counts from 1. */
export type Place = { readonly file: string; readonly line: number };

/** A defect of the sources. */
export type Defect = Place & { readonly message: string };

/** Collects defects, so that one run names all of them. */
export type Report = (place: Place, message: string) => void;

/** A report that keeps what it is told in `defects`. */
export function collectDefects(): { readonly defects: Defect[]; readonly report: Report } {
  const defects: Defect[] = [];
  return { defects, report: ({ file, line }, message) => void defects.push({ file, line, message }) };
}

/** `file:line: message` of each defect, once each, by file and line. */
export function formatDefects(defects: readonly Defect[]): string[] {
  const ordered = [...defects].sort(
    (a, b) => compareText(a.file, b.file) || a.line - b.line || compareText(a.message, b.message),
  );
  return [...new Set(ordered.map(({ file, line, message }) => `${file}:${line}: ${message}`))];
}

/** Order by code unit: the same on every machine, unlike a locale's. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
