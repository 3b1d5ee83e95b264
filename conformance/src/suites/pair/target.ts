import type { Scenario } from '../../model.ts';
import type { Adapter } from '../../zkcp/adapter.ts';

/** Two clients of any implementations, and a relay of any. */
export interface PairTarget {
  readonly a: Adapter;
  readonly b: Adapter;
  readonly relay: {
    /** Text of CL-34. */
    readonly address: string;
    /** Ends it and starts it again on the same data and address, where it can be restarted. */
    restart?(signal: 'KILL' | 'TERM'): Promise<void>;
  };
  readonly mode: 'hybrid' | 'classical';
  /** A new empty directory, which is removed with the run. */
  directory(): Promise<string>;
}

export type PairScenario = Scenario<PairTarget>;
