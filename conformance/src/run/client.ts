import type { ClientScenario, ClientTarget } from '../suites/client/target.ts';
import { Adapter } from '../zkcp/adapter.ts';
import { stderrOf } from './execute.ts';
import { type Done, type LevelRunOptions, runLevel, startOptionsOf } from './level-run.ts';
import type { Judgement } from './result.ts';
import { disclaimedBy, runScenario, SCENARIO_MS, SCENARIOS_AT_ONCE } from './scenario.ts';
import { shellCommand } from './shell.ts';
import { againOptions } from './supply.ts';
import { Workspace } from './workspace.ts';

/** Runs client scenarios on an adapter. */
export async function runClient(scenarios: readonly ClientScenario[], options: LevelRunOptions): Promise<Done> {
  const workspace = new Workspace();
  const attempt = async (scenario: ClientScenario, adapter: Adapter, log: string[]): Promise<Judgement> => {
    const disclaimed = disclaimedBy(adapter, scenario);
    if (disclaimed) return disclaimed;
    const started: Adapter[] = [];
    const target: ClientTarget = {
      shared: async () => adapter,
      start: async () => {
        const own = await Adapter.start(shellCommand(options.adapter), againOptions(startOptionsOf(options)));
        started.push(own);
        return own;
      },
      directory: () => workspace.directory(),
    };
    const giveUp = (detail: string) => {
      for (const each of [adapter, ...started]) each.giveUp(detail);
    };
    try {
      const judgement = await runScenario(scenario, { target, log, deadlineMs: SCENARIO_MS, giveUp });
      return { ...judgement, stderr: stderrOf(started) };
    } finally {
      for (const own of started) own.kill();
    }
  };
  try {
    return await runLevel({ level: 'client', all: scenarios, concurrency: SCENARIOS_AT_ONCE, attempt }, options);
  } finally {
    await workspace.remove();
  }
}
