import t from 'tap';
import { runPair } from '../../src/run/pair.ts';
import { scenarios } from '../../src/suites/pair/index.ts';
import { brokenAdapter } from '../support/commands.ts';

t.test('a relay that its adapter cannot open leaves every scenario unproven', async (t) => {
  const adapter = brokenAdapter('cannot');
  const times = { deadlineMs: 20_000, startDeadlineMs: 60_000 };
  const options = { adapter, b: adapter, relayAdapter: adapter, mode: 'hybrid' as const, only: [], seed: '', ...times };
  const { results } = await runPair(scenarios, options);
  const judged = results.filter(({ test }) => test.id.startsWith('pair/'));
  t.equal(judged.length, scenarios.length);
  for (const result of judged)
    t.match(result, { verdict: 'unproven', detail: /answer to open is .*cannot/ }, result.test.id);
});
