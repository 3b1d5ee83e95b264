import t from 'tap';
import { scenarios } from '../../src/suites/pair/index.ts';
import type { PairTarget } from '../../src/suites/pair/target.ts';
import { directories, judge, startAdapter } from '../suites-client/adapters.ts';

t.setTimeout(240_000);

const picked = ['pair/pairing/third-device', 'pair/messages/live', 'pair/messages/relay-restarted'];

t.equal(new Set(scenarios.map(({ id }) => id)).size, scenarios.length);
for (const { id, requires } of scenarios) t.ok(id.startsWith('pair/') && requires.includes('client'), id);

t.test('two TypeScript clients and the TypeScript relay pass', async (test) => {
  const [a, b, relay] = await Promise.all([1, 2, 3].map(() => startAdapter(test, 'adapter/main.ts')));
  const directory = await directories(test);
  if (a === undefined || b === undefined || relay === undefined) throw new TypeError('three adapters');
  const opened = await relay.ask('open', { role: 'relay', dir: await directory(), config: {} }, 30_000);
  if (!('ok' in opened)) throw new TypeError(JSON.stringify(opened));
  const { handle, endpoint, node_id: nodeId } = opened.ok;
  const restart = async (signal: string) => {
    const request = { handle, action: 'restart', args: { signal }, deadline_ms: 20_000 };
    test.ok('ok' in (await relay.ask('do', request, 25_000)), 'the relay restarts');
  };
  const target: PairTarget = { a, b, mode: 'hybrid', directory, relay: { address: `${nodeId}@${endpoint}`, restart } };
  for (const scenario of scenarios.filter(({ id }) => picked.includes(id)))
    test.same(await judge(scenario, target), ['pass', ''], scenario.id);
});
