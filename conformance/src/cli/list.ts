import { LEVELS, testsOf } from '../levels.ts';
import type { Level } from '../model.ts';
import { type ExitCode, exitCodes } from '../run/exit.ts';
import { select } from '../run/select.ts';
import { SuiteError } from '../run/suite-error.ts';
import { selectionOf } from './conclude.ts';
import type { Io } from './io.ts';

/** Options of `list`. */
export interface ListOptions {
  readonly level?: Level;
  readonly only: readonly string[];
  readonly profile?: string;
  readonly json?: true;
  readonly vectors?: string;
}

/** Prints the tests: one line each, or one JSON object each. */
export async function listCommand(io: Io, options: ListOptions): Promise<ExitCode> {
  let count = 0;
  for (const level of options.level ? [options.level] : LEVELS) {
    const only = selectionOf(level, options);
    if (only === undefined) continue;
    for (const test of select(await testsOf(level, options.vectors), only)) {
      count += 1;
      const { id, title, level: importance, requirements, requires } = test;
      const line = options.json
        ? JSON.stringify({ suite: level, id, title, level: importance, requirements, requires })
        : `${level}\t${id}\t${requirements.join(' ')}\t${title}`;
      io.stdout.write(`${line}\n`);
    }
  }
  if (count === 0)
    throw new SuiteError('nothing selected', 'see every test with: 0k-conformance list', exitCodes.nothing);
  return exitCodes.conformant;
}
