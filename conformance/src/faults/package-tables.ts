import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readTables, type Tables } from './tables.ts';

/** The fault tables of this package; the same place seen from src/ and from dist/. */
const FOLDER = fileURLToPath(new URL('../../faults', import.meta.url));
const README = 'README.md';

let tables: Tables | undefined;

/** The tables of conformance/faults. Throws DefectiveTables. */
export function packageTables(): Tables {
  tables ??= readTables(
    readdirSync(FOLDER)
      .filter((name) => name.endsWith('.md') && name !== README)
      .sort()
      .map((name) => ({ file: `conformance/faults/${name}`, text: readFileSync(`${FOLDER}/${name}`, 'utf8') })),
  );
  return tables;
}
