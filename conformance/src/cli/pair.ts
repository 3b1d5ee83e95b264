import type { ExitCode } from '../run/exit.ts';
import type { Done } from '../run/level-run.ts';
import { runPair } from '../run/pair.ts';
import { scenarios } from '../suites/pair/index.ts';
import { conclude } from './conclude.ts';
import type { Io } from './io.ts';
import { demandSelection } from './nothing.ts';
import { levelRunOptions, type RunOptions, type ShortRunOptions } from './options.ts';

/** The ends of a pair. */
export interface PairEnds {
  /** The two clients, shell commands. */
  readonly a: string;
  readonly b: string;
  readonly relayAdapter?: string;
  readonly mode: 'hybrid' | 'classical';
}

/** Returns the function that runs a pair. */
export function pairRun(options: PairEnds & ShortRunOptions, only: readonly string[]): () => Promise<Done> {
  const { a, b, relayAdapter, mode } = options;
  const given = { ...levelRunOptions({ ...options, adapter: a }, only), b, mode };
  return () => runPair(scenarios, relayAdapter === undefined ? given : { ...given, relayAdapter });
}

/** Lets two clients pair and sync at a relay; the runner only observes. */
export async function pairCommand(io: Io, options: PairEnds & RunOptions): Promise<ExitCode> {
  return conclude(io, options, pairRun(options, demandSelection('pair', scenarios, options)));
}
