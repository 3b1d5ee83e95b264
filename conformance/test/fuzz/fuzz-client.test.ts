import t from 'tap';
import { fuzzClient } from '../../src/fuzz/fuzz-client.ts';
import { directories, startAdapter } from '../suites-client/adapters.ts';

t.test('SC-22 finding/C1 a client outlives every frame that a relay can send, and syncs afterwards', async (test) => {
  const adapter = await startAdapter(test, 'adapter/main.ts');
  await fuzzClient({ seed: 'short', frames: 1500, adapter, directory: await directories(test) });
  test.ok(adapter.isAlive);
});
