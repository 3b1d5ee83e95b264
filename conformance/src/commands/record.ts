import { writeFile } from 'node:fs/promises';
import type { Level } from '../model.ts';
import { replayOf } from '../report/replay-file.ts';
import { type ExitCode, exitCodes } from '../run/exit.ts';
import { finish } from '../run/run.ts';
import { SuiteError } from '../run/suite-error.ts';
import { runVectors } from '../run/vectors.ts';
import { loadVectors } from '../vectors/load.ts';
import { type Io, say } from './io.ts';
import { demandSelection } from './nothing.ts';
import { levelRunOptions } from './options.ts';
import type { VectorsOptions } from './vectors.ts';

/** Runs a level and keeps every question and answer in a file for `replay`. */
export async function recordCommand(
  io: Io,
  options: VectorsOptions & { readonly level: Level; readonly output: string },
): Promise<ExitCode> {
  const vectors = await loadVectors(options.vectors);
  const only = demandSelection('vectors', vectors.tests, options);
  const { plan, results } = await runVectors(vectors, levelRunOptions(options, only));
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
