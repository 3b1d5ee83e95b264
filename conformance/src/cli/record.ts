import { testsOf } from '../levels.ts';
import type { Level } from '../model.ts';
import type { ExitCode } from '../run/exit.ts';
import { anyRun, type Ends } from './any-run.ts';
import { conclude } from './conclude.ts';
import type { Io } from './io.ts';
import { demandSelection } from './nothing.ts';
import type { RunOptions } from './options.ts';

/**
 * Runs a level and keeps it in a file for `replay`: every question and answer of pure functions, the verdicts of scenarios,
 * which ask something else each time.
 */
export async function recordCommand(
  io: Io,
  options: Ends & RunOptions & { readonly level: Level; readonly output: string },
): Promise<ExitCode> {
  const { level, output, vectors } = options;
  const only = demandSelection(level, await testsOf(level, vectors), options);
  return conclude(io, { ...options, record: output }, await anyRun(level, options, only));
}
