import type { Defect, MarkedTable, Row, SourceFile } from '../faults/markdown.ts';
import { markedTables } from '../faults/markdown.ts';
import { DefectiveTables } from '../faults/tables.ts';
import type { Mutant } from './mutant.ts';
import type { Mutation } from './mutation.ts';

const COLUMNS = ['name', 'file', 'from', 'to', 'killed by', 'what'];
/** The text of an empty cell. */
const NONE = '—';
const NAME = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
/** A code span; two backticks enclose code that has one, with a space at either end. */
const CODE = /^(?:`` (.*) ``|`([^`]*)`)$/;
/** A line break of the source. */
const BREAK = '⏎';

/** Reads code; a dash is the empty text. Throws SyntaxError. */
export function readCode(cell: string): string {
  if (cell === NONE) return '';
  const [, enclosed, plain] = CODE.exec(cell) ?? [];
  const code = enclosed ?? plain;
  if (code === undefined) throw new SyntaxError(`"${cell}" does not stand in backticks`);
  return code.replaceAll(BREAK, '\n');
}

function readMutation({ cells }: Row): Mutation {
  const [, file = '', from = '', to = ''] = cells;
  if (from === NONE) throw new SyntaxError('a mistake changes an expression');
  return { file, from: readCode(from), to: readCode(to) };
}

function readMutant(row: Row): Mutant {
  const [name = '', , , , killedBy = NONE, what = ''] = row.cells;
  if (!NAME.test(name)) throw new SyntaxError(`"${name}" is not lower-case words with hyphens`);
  if (killedBy === NONE || what === '') throw new SyntaxError('a mistake names its scenarios, and a sentence');
  return { name, what, ...readMutation(row), killedBy: readCode(killedBy).split(' ') };
}

/** Reads the rows of a table. A row without a name is the second change of the row above. */
function readTable({ rows, columns, place }: MarkedTable, defects: Defect[]): Mutant[] {
  if (columns.join() !== COLUMNS.join()) defects.push({ ...place, message: `the columns are ${COLUMNS.join(', ')}` });
  const mutants: Mutant[] = [];
  for (const row of rows) {
    try {
      const above = mutants.at(-1);
      if (row.cells[0] !== NONE) mutants.push(readMutant(row));
      else if (above === undefined || above.also) throw new SyntaxError('a second change follows a first one');
      else mutants[mutants.length - 1] = { ...above, also: readMutation(row) };
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      defects.push({ ...row.place, message: error.message });
    }
  }
  return mutants;
}

/** Reads the tables of mistakes. Throws DefectiveTables, which names every defect with its line. */
export function readMutants(files: readonly SourceFile[]): Mutant[] {
  const marked = files.map((file) => markedTables(file));
  const defects = marked.flatMap((each) => each.defects);
  const mutants = marked.flatMap(({ tables }) => tables.flatMap((table) => readTable(table, defects)));
  if (defects.length > 0) throw new DefectiveTables(defects);
  return mutants;
}
