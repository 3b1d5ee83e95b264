import { type scenarios as allScenarios, connectTarget, OpenRelay, type RelayTarget } from '../suites/relay/index.ts';
import type { Adapter } from '../zkcp/adapter.ts';
import { executeAlone } from './execute.ts';
import { type Done, type LevelRunOptions, repeatOptions, runLevel } from './level-run.ts';
import type { Judgement } from './result.ts';
import { disclaimedBy, runScenario, SCENARIO_MS, SCENARIOS_AT_ONCE } from './scenario.ts';
import { select } from './select.ts';
import { shuffle } from './shuffle.ts';

type RelayScenarios = typeof allScenarios;
type RelayScenario = RelayScenarios[number];

export interface RelayRunOptions extends Pick<LevelRunOptions, 'only' | 'seed'> {
  readonly target: RelayTarget;
  /** The address as it was given. */
  readonly name: string;
  /** The level and its options up to what selects tests. */
  readonly repeat: string;
  readonly atOnce?: number;
}

/** Runs relay scenarios on a relay that runs somewhere. Throws `TargetError` when it is no relay, or another one. */
export async function runRelay(scenarios: RelayScenarios, options: RelayRunOptions): Promise<Done> {
  const startedAtMs = Date.now();
  const { seed, name, atOnce = SCENARIOS_AT_ONCE } = options;
  const target = await connectTarget(options.target);
  const planned = shuffle(select(scenarios, options.only), seed);
  const attempt = async (scenario: RelayScenario, log: string[]): Promise<Judgement> => {
    if (scenario.requires.length > 0 && target.adapter === undefined)
      return { verdict: 'unsupported', detail: `it needs ${scenario.requires.join(', ')} of an adapter` };
    return runScenario(scenario, { target, log, deadlineMs: SCENARIO_MS, giveUp: () => undefined });
  };
  const plan = {
    level: 'relay' as const,
    subject: { name, version: '', language: '', url: '' },
    seed,
    all: scenarios,
    planned,
    repeat: (id: string) => `0k-conformance ${options.repeat} ${repeatOptions([id], seed)}`,
    startedAtMs,
  };
  return { plan, results: await executeAlone(planned, atOnce, attempt) };
}

/** Runs relay scenarios on relays that an adapter opens, or on `target` with an adapter beside it. */
export async function runRelayOfAdapter(
  scenarios: RelayScenarios,
  options: LevelRunOptions,
  given?: { readonly target: RelayTarget; readonly repeat: string },
): Promise<Done> {
  const relays = new Map<Adapter, Promise<OpenRelay>>();
  const targetOf = async (adapter: Adapter): Promise<RelayTarget> => {
    if (given) return { ...given.target, adapter };
    const relay = relays.get(adapter) ?? OpenRelay.open(adapter);
    relays.set(adapter, relay);
    return (await relay).target;
  };
  const attempt = async (scenario: RelayScenario, adapter: Adapter, log: string[]): Promise<Judgement> => {
    const disclaimed = disclaimedBy(adapter, { ...scenario, requires: ['relay', ...scenario.requires] });
    if (disclaimed) return disclaimed;
    const giveUp = (detail: string) => adapter.giveUp(detail);
    const run = async () => scenario.run(await targetOf(adapter));
    return runScenario({ ...scenario, run }, { target: undefined, log, deadlineMs: SCENARIO_MS, giveUp });
  };
  const repeat = `${given?.repeat ?? 'relay'} --adapter`;
  return runLevel({ level: 'relay', all: scenarios, concurrency: SCENARIOS_AT_ONCE, repeat, attempt }, options);
}
