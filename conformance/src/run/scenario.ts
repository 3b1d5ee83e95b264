import { logged } from '@0k-sync/testkit/log';
import type { Scenario, TestInfo } from '../model.ts';
import { type Adapter, AdapterFailure } from '../zkcp/adapter.ts';
import { judgementOf } from './judgement.ts';
import type { Judgement } from './result.ts';

/** They mostly wait for each other; more would compete for the processors. */
export const SCENARIOS_AT_ONCE = 4;
/** For a whole scenario, ms: several actions, each with a deadline of its own. Whatever takes longer hangs. */
export const SCENARIO_MS = 300_000;

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
  const done = logged(log, () => scenario.run(target)).then(
    (): Judgement => ({ verdict: 'pass' }),
    (error: unknown) => {
      if (error instanceof AdapterFailure) throw error;
      return judgementOf(error);
    },
  );
  try {
    return await Promise.race([done, late.promise]);
  } finally {
    clearTimeout(timer);
    // Its late end is nobody's concern.
    done.catch(() => undefined);
  }
}
