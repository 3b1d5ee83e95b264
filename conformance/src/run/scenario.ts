import { Failed, type Scenario, type TestInfo, Unjudged, Unproven } from '../model.ts';
import { type Adapter, AdapterFailure } from '../zkcp/adapter.ts';
import { logged } from '../zkcp/log.ts';
import type { Judgement } from './result.ts';

/** They mostly wait for each other; more would compete for the processors. */
export const SCENARIOS_AT_ONCE = 4;
/** For a whole scenario: several actions, each with a deadline of its own. */
export const SCENARIO_MS = 90_000;

/** The verdict on a test that needs what hello disclaims. */
export function disclaimedBy(adapter: Adapter, { requires }: TestInfo): Judgement | undefined {
  const missing = requires.find((name) => !adapter.supports(name));
  return missing === undefined ? undefined : { verdict: 'unsupported', detail: `${missing} is disclaimed` };
}

export interface ScenarioContext<Target> {
  readonly target: Target;
  readonly log: string[];
  readonly deadlineMs: number;
  /** Ends what the scenario waits for. */
  readonly giveUp: (detail: string) => void;
}

function judgementOf(error: unknown): Judgement {
  if (error instanceof AdapterFailure) throw error;
  if (error instanceof Failed)
    return { verdict: 'fail', expected: error.expected, actual: error.actual, detail: error.message };
  if (error instanceof Unproven) return { verdict: 'unproven', detail: error.message };
  if (error instanceof Unjudged) return { verdict: 'unjudged', detail: error.message };
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { verdict: 'fail', expected: 'the scenario to come to its end', actual: String(error), detail };
}

/** Runs one scenario to its end or its deadline. `AdapterFailure` passes through. */
export async function runScenario<Target>(
  scenario: Scenario<Target>,
  { target, log, deadlineMs, giveUp }: ScenarioContext<Target>,
): Promise<Judgement> {
  const late = Promise.withResolvers<Judgement>();
  const timer = setTimeout(() => {
    const actual = `no end within ${deadlineMs} ms`;
    late.resolve({ verdict: 'hang', expected: 'an end', actual });
    giveUp(`${scenario.id}: ${actual}`);
  }, deadlineMs);
  const done = logged(log, () => scenario.run(target)).then((): Judgement => ({ verdict: 'pass' }), judgementOf);
  try {
    return await Promise.race([done, late.promise]);
  } finally {
    clearTimeout(timer);
    // Its late end is nobody's concern.
    done.catch(() => undefined);
  }
}
