import type { ExitCode } from '../run/exit.ts';
import { runVectors } from '../run/vectors.ts';
import { loadVectors } from '../vectors/load.ts';
import { conclude } from './conclude.ts';
import type { Io } from './io.ts';
import { demandSelection } from './nothing.ts';
import { levelRunOptions, type RunOptions } from './options.ts';

/** Options of `vectors`. */
export interface VectorsOptions extends RunOptions {
  readonly adapter: string;
  /** The directory of the vector files; the package's own when absent. */
  readonly vectors?: string;
}

/** Runs the vectors on an adapter. */
export async function vectorsCommand(io: Io, options: VectorsOptions): Promise<ExitCode> {
  const vectors = await loadVectors(options.vectors);
  const only = demandSelection('vectors', vectors.tests, options);
  return conclude(io, options, () => runVectors(vectors, levelRunOptions(options, only)));
}
