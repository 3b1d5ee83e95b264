import t from 'tap';
import { faults } from '../../src/planted/faults.ts';
import { honestRelay, type RelayRoleOf, relayWith } from '../../src/planted/relay/plant.ts';
import { runKitRelay } from '../../src/selftest/kit-relay.ts';
import { scenarios } from '../../src/suites/client/index.ts';
import { clientTarget, judge } from '../suites-client/adapters.ts';

t.setTimeout(120_000);

const LENGTH_ZERO = 'relay/frame/length-zero';

async function verdictOn(relay: RelayRoleOf): Promise<string | undefined> {
  const { results } = await runKitRelay(relay, { only: [LENGTH_ZERO], seed: 'seed' });
  return results.find(({ test }) => test.id === LENGTH_ZERO)?.verdict;
}

t.test('a mistake is planted into a relay in memory, and nothing else of this process has it', async (t) => {
  const fault = faults.find(({ name }) => name === 'relay-empty-frames');
  if (fault === undefined) throw new TypeError('there is such a fault');
  t.equal(await verdictOn(await relayWith(fault)), 'fail');
  t.equal(await verdictOn(honestRelay), 'pass');
});

t.test('a mistake is planted into a process', async (t) => {
  const scenario = scenarios.find(({ id }) => id === 'client/frames/length-zero');
  if (scenario === undefined) throw new TypeError('there is such a scenario');
  const target = await clientTarget(t, 'planted/main.ts', '--fault', 'client-empty-frames');
  const [verdict, detail] = await judge(scenario, target);
  t.equal(verdict, 'fail', detail);
});
