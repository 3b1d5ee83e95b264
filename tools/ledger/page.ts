import { compareText } from '../../spec/compile/report.ts';
import type { Kind } from './evidence.ts';
import type { Entry } from './ledger.ts';

const KINDS: readonly Kind[] = ['vector', 'scenario', 'test'];
/** Number of names that a cell lists; it counts the rest. */
const NAMES_MAX = 2;

const HEAD = `<!-- generated, do not edit: \`make ledger\` writes this file from spec/ and the names of vectors, scenarios and tests -->

# Requirement ledger

Every id of [spec/](../../spec/overview.md), and what exercises it. A name that holds an id is that of a check that fails when
the row is broken. \`make check\` refuses a \`must\` that nothing exercises; a limit defines a number, which the rows that name
it use.
`;

/** generated/docs/ledger.md: a summary, and a table per chapter with a row per id. */
export function renderPage(entries: readonly Entry[]): string {
  const chapters = [...new Set(entries.map(({ place }) => place.file))].sort(compareText);
  const groups = chapters.map((file) => ({ file, rows: entries.filter(({ place }) => place.file === file) }));
  const summary = groups.map(({ file, rows }) => {
    const counts = KINDS.map((kind) => rows.filter((row) => row.evidence.some((each) => each.kind === kind)).length);
    return [`[${titleOf(file)}](#${titleOf(file)})`, rows.length, ...counts, rows.filter(isBare).length];
  });
  return [
    HEAD,
    table(['chapter', 'ids', 'with vectors', 'with scenarios', 'with tests', 'with none'], summary),
    ...groups.map(({ file, rows }) => {
      const cells = rows.map((row) => [
        row.id,
        row.level,
        escapeText(moveLinks(row.text)),
        ...KINDS.map((kind) => cellOf(row, kind)),
      ]);
      return `## ${titleOf(file)}\n\n${table(['id', 'level', 'requirement', 'vectors', 'scenarios', 'tests'], cells)}`;
    }),
  ].join('\n');
}

function isBare({ evidence }: Entry): boolean {
  return evidence.length === 0;
}

function titleOf(file: string): string {
  return file.replace(/^spec\/(.*)\.md$/, '$1');
}

/** `3: name, name`, each linked to its file; `—` for none. */
function cellOf({ evidence }: Entry, kind: Kind): string {
  const list = evidence.filter((each) => each.kind === kind);
  if (list.length === 0) return '—';
  const names = list
    .slice(0, NAMES_MAX)
    .map(({ name, place }) => `[${escapeName(nameOf(name, kind))}](../../${place.file})`);
  return `${list.length}: ${names.join('; ')}`;
}

/** A row links to its sibling chapters; from the page they are in spec/. */
function moveLinks(text: string): string {
  return text.replaceAll(/\]\((?=[\w-]+\.md)/g, '](../../spec/');
}

/** A test by its whole title, vectors and scenarios by their id. */
function nameOf(name: string, kind: Kind): string {
  return kind === 'test' ? name : name.slice(0, name.indexOf(': '));
}

function escapeText(text: string): string {
  return text.replaceAll('|', '\\|');
}

function escapeName(name: string): string {
  return escapeText(name).replaceAll(/[[\]<>*`]/g, '\\$&');
}

function table(columns: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const lines = [columns, columns.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return `${lines.join('\n')}\n`;
}
