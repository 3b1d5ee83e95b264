import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Fault } from './fault.ts';
import { faultsOf, type Mutant } from './mutant.ts';
import { readMutants } from './mutant-rows.ts';

/** The tables of this package; the same place seen from src/ and from dist/. */
const FOLDER = fileURLToPath(new URL('../../faults/planted', import.meta.url));

/** Every mistake in the source that faults/planted lists, by file name and line. */
export const mutants: readonly Mutant[] = readMutants(
  readdirSync(FOLDER)
    .sort()
    .map((file) => ({ file: `faults/planted/${file}`, text: readFileSync(join(FOLDER, file), 'utf8') })),
);

/** The mistakes as faults of the roles that have them. */
export const mutantFaults: readonly Fault[] = mutants.flatMap(faultsOf);
