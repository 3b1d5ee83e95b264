import type { Level, Verdict } from '../model.ts';
import type { Mutation } from './mutation.ts';

/**
 * One deliberate mistake, as data: the suite must find it, and find it where it says. Faults of roles are named after them:
 * `client-…`, `relay-…`, `pair-…`.
 */
export interface Fault {
  /** The name that `--fault` takes. */
  readonly name: string;
  readonly level: Level;
  /** One clause that says what the implementation does wrong. */
  readonly what: string;
  /** Globs of the tests that find it: each must, and among the pure functions no test besides them may. */
  readonly killedBy: readonly string[];
  /** The verdict by which tests find it; `fail` by default. */
  readonly verdict?: Verdict;
  /** The mistake, where it is one in the sources. */
  readonly mutations?: readonly Mutation[];
}
