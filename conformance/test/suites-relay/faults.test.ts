import { MemoryNetwork } from '@0k-sync/transport/memory';
import t from 'tap';
import { localAdapter } from '../../src/adapter/local-adapter.ts';
import { faults } from '../../src/planted/relay/faults.ts';
import { kitRelayRole } from '../../src/planted/relay/role.ts';
import { OpenRelay, scenarios } from '../../src/suites/relay/index.ts';
import { runAll } from './run.ts';

// Silence is found by waiting.
t.setTimeout(300_000);
t.jobs = 4;

t.equal(new Set(faults.map(({ name }) => name)).size, faults.length);

for (const { name, what, killedBy, behaviour } of faults) {
  t.test(`a relay that ${what} (${name}) is found by what is named for it`, async (t) => {
    const transport = new MemoryNetwork().transport();
    const log: string[] = [];
    const adapter = localAdapter(
      kitRelayRole(transport, behaviour, (line) => log.push(line)),
      () => log.join('\n'),
    );
    const relay = await OpenRelay.open(adapter, {}, { transport });
    t.teardown(() => relay.close());
    // Globs stand for what a fault spreads to; the self-test runs those.
    const named = killedBy.filter((id) => !/[*{]/.test(id));
    t.not(named.length, 0);
    const judged = await runAll(
      scenarios.filter(({ id }) => named.includes(id)),
      relay.target,
    );
    t.same(judged.map(({ id }) => id).toSorted(), named.toSorted(), 'every scenario exists');
    for (const { id, verdict, detail } of judged) t.equal(verdict, 'fail', `${id}: ${detail}`);
  });
}
