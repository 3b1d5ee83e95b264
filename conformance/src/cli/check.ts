import type { Judgement } from '../run/result.ts';
import type { Adapter } from '../zkcp/adapter.ts';

/** One step of `doctor`. */
export interface Check {
  readonly name: string;
  /** The hint for a step that fails. */
  readonly hint: string;
  readonly run: (adapter: Adapter) => Promise<Judgement | undefined>;
}
