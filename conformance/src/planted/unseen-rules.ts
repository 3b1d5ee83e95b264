import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { markedTables, type Row, type SourceFile } from '../faults/markdown.ts';
import { DefectiveTables } from '../faults/tables.ts';
import { readCode } from './mutant-rows.ts';
import type { Mutation } from './mutation.ts';

const COLUMNS = ['rule', 'because', 'test', 'file', 'from', 'to', 'mistake'];
/** The tables of this package; the same place seen from src/ and from dist/. */
const FOLDER = fileURLToPath(new URL('../../faults/unseen', import.meta.url));

/** A rule that no scenario sees, the test that proves it, and a mistake that the test has to find. */
export interface UnseenRule extends Mutation {
  /** The id of its requirement. */
  readonly rule: string;
  /** The reason why no scenario sees it. */
  readonly because: string;
  /** Path of the test from the root of the tree. */
  readonly test: string;
  /** One clause that says what is wrong. */
  readonly mistake: string;
}

function readRule({ cells }: Row): UnseenRule {
  const [rule = '', because = '', test = '', file = '', from = '', to = '', mistake = ''] = cells;
  return { rule, because, test, file, from: readCode(from), to: readCode(to), mistake };
}

/** Reads the tables of such rules. Throws DefectiveTables for other columns, SyntaxError for code without backticks. */
export function readUnseenRules(files: readonly SourceFile[]): UnseenRule[] {
  const marked = files.map((file) => markedTables(file));
  const tables = marked.flatMap((each) => each.tables);
  const others = tables.filter(({ columns }) => columns.join() !== COLUMNS.join());
  const defects = [
    ...marked.flatMap((each) => each.defects),
    ...others.map(({ place }) => ({ ...place, message: `the columns are ${COLUMNS.join(', ')}` })),
  ];
  if (defects.length > 0) throw new DefectiveTables(defects);
  return tables.flatMap(({ rows }) => rows.map(readRule));
}

/** Every rule that faults/unseen lists. */
export function unseenRules(): UnseenRule[] {
  return readUnseenRules(
    readdirSync(FOLDER)
      .sort()
      .map((file) => ({ file: `faults/unseen/${file}`, text: readFileSync(join(FOLDER, file), 'utf8') })),
  );
}
