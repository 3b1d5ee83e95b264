import { Failed, Unjudged, Unproven } from '../model.ts';
import { AdapterFailure } from '../zkcp/adapter.ts';
import type { Judgement } from './result.ts';

/** The verdict on a test that ended with this error. One that nobody meant to throw is a failure of that test alone. */
export function judgementOf(error: unknown): Judgement {
  if (error instanceof AdapterFailure) return { verdict: error.kind, actual: error.message };
  if (error instanceof Failed)
    return { verdict: 'fail', expected: error.expected, actual: error.actual, detail: error.message };
  if (error instanceof Unproven) return { verdict: 'unproven', detail: error.message };
  if (error instanceof Unjudged) return { verdict: 'unjudged', detail: error.message };
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { verdict: 'fail', expected: 'the test to come to its end', actual: String(error), detail };
}
