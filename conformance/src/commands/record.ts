import { writeFile } from 'node:fs/promises';
import { testsOf } from '../levels.ts';
import type { Level } from '../model.ts';
import { replayOf } from '../report/replay-file.ts';
import { runAnyLevel } from '../run/any-level.ts';
import { type ExitCode, exitCodes } from '../run/exit.ts';
import type { Done } from '../run/level-run.ts';
import { finish } from '../run/run.ts';
import { SuiteError } from '../run/suite-error.ts';
import { runVectors } from '../run/vectors.ts';
import { loadVectors } from '../vectors/load.ts';
import { type Io, say } from './io.ts';
import { demandSelection } from './nothing.ts';
import { levelRunOptions } from './options.ts';
import type { VectorsOptions } from './vectors.ts';

async function runRecorded(options: VectorsOptions & { readonly level: Level }): Promise<Done> {
  const { level } = options;
  if (level !== 'vectors')
    return runAnyLevel(level, levelRunOptions(options, demandSelection(level, await testsOf(level), options)));
  const vectors = await loadVectors(options.vectors);
  return runVectors(vectors, levelRunOptions(options, demandSelection('vectors', vectors.tests, options)));
}

/**
 * Runs a level and keeps it in a file for `replay`: every question and answer of pure functions, the verdicts of scenarios,
 * which ask something else each time.
 */
export async function recordCommand(
  io: Io,
  options: VectorsOptions & { readonly level: Level; readonly output: string },
): Promise<ExitCode> {
  const { plan, results } = await runRecorded(options);
  const file = replayOf(finish(plan, results), results);
  await writeFile(options.output, `${JSON.stringify(file)}\n`).catch((error: Error) => {
    throw new SuiteError(
      `the recording cannot be written: ${error.message}`,
      'name a file in a directory that exists',
      exitCodes.usage,
    );
  });
  say(io, `${file.requests.length} requests of ${results.length} tests in ${options.output}`);
  return exitCodes.conformant;
}
