import type { Scenario } from '../../model.ts';
import type { Adapter } from '../../zkcp/adapter.ts';

/** A client implementation under test, as processes that speak ZKCP. */
export interface ClientTarget {
  /** The process that scenarios share, each with handles of its own; none of them ends it. */
  shared(): Promise<Adapter>;
  /** A process for one scenario, which ends it. */
  start(): Promise<Adapter>;
  /** A new empty directory, which is removed with the run. */
  directory(): Promise<string>;
}

export type ClientScenario = Scenario<ClientTarget>;
