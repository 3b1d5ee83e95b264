import { MemoryNetwork } from '@0k-sync/transport/memory';
import t from 'tap';
import { localAdapter } from '../../src/adapter/local-adapter.ts';
import { kitRelayRole } from '../../src/planted/relay/role.ts';
import { OpenRelay, scenarios } from '../../src/suites/relay/index.ts';
import { runAll } from './run.ts';

// Hundreds of scenarios, on whatever machine this is.
t.setTimeout(180_000);

t.test('ids are unique, say their level and cite requirements', async (t) => {
  const ids = scenarios.map(({ id }) => id);
  t.equal(new Set(ids).size, ids.length);
  t.ok(ids.length >= 90);
  t.ok(ids.every((id) => /^relay(?:\/[a-z0-9-]+){2}$/.test(id)));
  t.ok(scenarios.every(({ requirements }) => requirements.length > 0));
});

t.test('an honest relay passes every scenario', async (t) => {
  const transport = new MemoryNetwork().transport();
  const log: string[] = [];
  const adapter = localAdapter(
    kitRelayRole(
      transport,
      () => ({}),
      (line) => log.push(line),
    ),
    () => log.join('\n'),
  );
  const relay = await OpenRelay.open(adapter, {}, { transport });
  t.teardown(() => relay.close());
  const judged = await runAll(scenarios, relay.target);
  t.same(
    judged.filter(({ verdict }) => verdict !== 'pass'),
    [],
  );
  t.equal(judged.length, scenarios.length);
  t.same(
    log.filter((line) => !/^listening on port \d+$/.test(line)),
    [],
  );
});

t.test('a relay that creates no groups leaves what needs one unjudged, and judges the rest', async (t) => {
  const transport = new MemoryNetwork().transport();
  const adapter = localAdapter(
    kitRelayRole(
      transport,
      () => ({}),
      () => {},
    ),
  );
  const relay = await OpenRelay.open(adapter, { creation: 'closed' }, { transport });
  t.teardown(() => relay.close());
  const target = { ...relay.target, adapter: undefined };
  const wanted = [
    'relay/handshake/hybrid',
    'relay/push/cursors',
    'relay/frame/length-huge',
    'relay/hello/creates-group',
    'relay/time/silent',
    'relay/time/claimed',
  ];
  const judged = await runAll(
    scenarios.filter(({ id }) => wanted.includes(id)),
    target,
  );
  const verdicts = Object.fromEntries(judged.map(({ id, verdict }) => [id, verdict]));
  t.same(verdicts, {
    'relay/handshake/hybrid': 'pass',
    'relay/push/cursors': 'unjudged',
    'relay/frame/length-huge': 'unjudged',
    'relay/hello/creates-group': 'unjudged',
    'relay/time/silent': 'pass',
    'relay/time/claimed': 'unjudged',
  });
  t.match(judged.find(({ verdict }) => verdict === 'unjudged')?.detail, /give an access token/);
});
