import type { ExitCode } from '../run/exit.ts';
import { runPair } from '../run/pair.ts';
import { scenarios } from '../suites/pair/index.ts';
import { conclude } from './conclude.ts';
import type { Io } from './io.ts';
import { demandSelection } from './nothing.ts';
import { levelRunOptions, type RunOptions } from './options.ts';

export interface PairOptions extends RunOptions {
  /** The two clients, shell commands. */
  readonly a: string;
  readonly b: string;
  readonly relayAdapter?: string;
  readonly mode: 'hybrid' | 'classical';
}

/** Lets two clients pair and sync at a relay; the runner only observes. */
export async function pairCommand(io: Io, options: PairOptions): Promise<ExitCode> {
  const only = demandSelection('pair', scenarios, options);
  const { a, b, relayAdapter, mode } = options;
  const given = { ...levelRunOptions({ ...options, adapter: a }, only), b, mode };
  return conclude(io, options, () =>
    runPair(scenarios, relayAdapter === undefined ? given : { ...given, relayAdapter }),
  );
}
