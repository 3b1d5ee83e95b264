import type { Level } from '../model.ts';
import { runAnyLevel } from '../run/any-level.ts';
import { exitCodes } from '../run/exit.ts';
import type { Done } from '../run/level-run.ts';
import { SuiteError } from '../run/suite-error.ts';
import { runVectors } from '../run/vectors.ts';
import { loadVectors } from '../vectors/load.ts';
import { levelRunOptions, type ShortRunOptions } from './options.ts';
import type { PairEnds } from './pair.ts';
import type { RelayEnds } from './relay.ts';

/** The ends under test, for commands that take any level; each level needs some of them. */
export interface Ends extends RelayEnds, Partial<Omit<PairEnds, 'mode'>>, Pick<PairEnds, 'mode'> {
  /** The directory of the vector files; the package's own when absent. */
  readonly vectors?: string;
}

function missing(level: Level, ends: string): SuiteError {
  return new SuiteError(`nobody is there whom the level ${level} could test`, `write ${ends}`, exitCodes.usage);
}

/** Returns the adapter's command. Throws `SuiteError` when the level needs one and none is named. */
export function demandAdapter(level: Level, { adapter }: Pick<Ends, 'adapter'>): string {
  if (adapter === undefined) throw missing(level, '--adapter CMD');
  return adapter;
}

/** Returns the function that runs a level on the ends that the options name. Throws `SuiteError` when one is missing. */
export async function anyRun(
  level: Level,
  options: Ends & ShortRunOptions,
  only: readonly string[],
): Promise<() => Promise<Done>> {
  if (level === 'relay') return (await import('./relay.ts')).relayRun(options, only);
  if (level === 'pair') {
    const { a, b } = options;
    if (a === undefined || b === undefined) throw missing(level, '--a CMD --b CMD');
    return (await import('./pair.ts')).pairRun({ ...options, a, b }, only);
  }
  const given = levelRunOptions({ ...options, adapter: demandAdapter(level, options) }, only);
  if (level === 'client') return () => runAnyLevel(level, given);
  const vectors = await loadVectors(options.vectors);
  // A replay asks every recorded request again, so none is cut.
  return () => runVectors(vectors, { ...given, keepsAll: true });
}
