import type { Judgement } from '../run/result.ts';
import type { Adapter } from '../zkcp/adapter.ts';

/** One step of `doctor`. */
export interface Check {
  readonly name: string;
  /** What to do when it does not hold. */
  readonly hint: string;
  readonly run: (adapter: Adapter) => Promise<Judgement | undefined>;
}
