import type { Level, Verdict } from '../model.ts';

/**
 * One deliberate mistake, as data: the suite must find it, and find it where it says. Faults of roles are named after them:
 * `client-…`, `relay-…`.
 */
export interface Fault {
  /** Of the argument `--fault`. */
  readonly name: string;
  readonly level: Level;
  /** One clause that says what the implementation does wrong. */
  readonly what: string;
  /** Globs of the tests that find it: each must, and among the pure functions no test besides them may. */
  readonly killedBy: readonly string[];
  /** How they find it: `fail` when it is left out. */
  readonly verdict?: Verdict;
}
