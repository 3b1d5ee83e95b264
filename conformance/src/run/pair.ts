import type { PairScenario, PairTarget } from '../suites/pair/index.ts';
import type { Adapter } from '../zkcp/adapter.ts';
import { stderrOf } from './execute.ts';
import { type Done, type LevelRunOptions, runLevel, startOptionsOf } from './level-run.ts';
import { openAdapterRelay, openKitRelay } from './pair-relay.ts';
import type { Judgement } from './result.ts';
import { disclaimedBy, runScenario, SCENARIO_MS, SCENARIOS_AT_ONCE } from './scenario.ts';
import { shellCommand, shellWord } from './shell.ts';
import { AdapterSupply, restartBudget } from './supply.ts';
import { Workspace } from './workspace.ts';

/** `adapter` of the options is client A. */
export interface PairRunOptions extends LevelRunOptions {
  /** Client B, a shell command. */
  readonly b: string;
  /** Whose relay it is; that of this package when it is left out. */
  readonly relayAdapter?: string;
  readonly mode: PairTarget['mode'];
}

/** The adapters besides A, which are started again as A is. */
interface Others {
  readonly b: AdapterSupply;
  readonly relay: AdapterSupply | undefined;
}

async function startOthers(options: PairRunOptions, tests: number): Promise<Others> {
  const start = (command: string) =>
    AdapterSupply.start(shellCommand(command), startOptionsOf(options), options.restarts ?? restartBudget(tests));
  const b = await start(options.b);
  try {
    return { b, relay: options.relayAdapter === undefined ? undefined : await start(options.relayAdapter) };
  } catch (failure) {
    await b.stop();
    throw failure;
  }
}

function repeatOf({ b, relayAdapter, mode }: PairRunOptions): string {
  const relay = relayAdapter === undefined ? '' : ` --relay-adapter ${shellWord(relayAdapter)}`;
  return `pair --b ${shellWord(b)}${relay} --mode ${mode} --a`;
}

/** Runs what two clients do together at a relay. Each scenario has a relay of its own. */
export async function runPair(scenarios: readonly PairScenario[], options: PairRunOptions): Promise<Done> {
  const workspace = new Workspace();
  const others = await startOthers(options, scenarios.length);
  const { mode } = options;

  /** To open the relay is part of the scenario: its failure is judged, and falls on this one alone. */
  const act = (
    scenario: PairScenario,
    [a, b, relay]: readonly [Adapter, Adapter, Adapter | undefined],
    log: string[],
  ): Promise<Judgement> => {
    const run = async () => {
      const opened = relay ? await openAdapterRelay(relay, mode) : await openKitRelay(mode);
      try {
        await scenario.run({ a, b, relay: opened.relay, mode, directory: () => workspace.directory() });
      } finally {
        await opened.close().catch(() => undefined);
      }
    };
    const giveUp = (detail: string) => {
      for (const each of [a, b]) each.giveUp(detail);
    };
    return runScenario({ ...scenario, run }, { target: undefined, log, deadlineMs: SCENARIO_MS, giveUp });
  };

  const attempt = async (scenario: PairScenario, a: Adapter, log: string[]): Promise<Judgement> => {
    const [b, relay] = [await others.b.take(), await others.relay?.take()];
    if (!b) return { verdict: 'not-run', detail: `client B: ${others.b.whyGone}` };
    if (others.relay && !relay) return { verdict: 'not-run', detail: `relay: ${others.relay.whyGone}` };
    const disclaimed = disclaimedBy(a, scenario) ?? disclaimedBy(b, scenario);
    if (disclaimed) return disclaimed;
    try {
      return { ...(await act(scenario, [a, b, relay], log)), stderr: stderrOf([b, relay]) };
    } finally {
      // Other running tests have lost an end too: all of them are repeated one by one.
      if (!b.isAlive || relay?.isAlive === false) a.kill();
    }
  };

  try {
    const run = {
      level: 'pair' as const,
      all: scenarios,
      concurrency: SCENARIOS_AT_ONCE,
      repeat: repeatOf(options),
      attempt,
    };
    const { plan, results } = await runLevel(run, options);
    const names = [plan.subject.name, others.b.adapter.info.impl.name];
    const at = others.relay?.adapter.info.impl.name ?? 'the relay of the suite';
    const subject = { ...plan.subject, name: `${names.join(' and ')} at ${at}, ${mode}`, version: '', language: '' };
    return { plan: { ...plan, subject }, results };
  } finally {
    await Promise.all([others.b.stop(), others.relay?.stop()]);
    await workspace.remove();
  }
}
