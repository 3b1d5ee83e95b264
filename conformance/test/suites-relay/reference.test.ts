import t from 'tap';
import { localAdapter } from '../../src/adapter/local-adapter.ts';
import { openRelay } from '../../src/adapter/relay.ts';
import { connectTarget, OpenRelay, scenarios } from '../../src/suites/relay/index.ts';
import { runAll } from './run.ts';

// Processes and real QUIC, on whatever machine this is.
t.setTimeout(180_000);

const adapter = localAdapter(openRelay);
const relay = await OpenRelay.open(adapter);
t.teardown(async () => {
  await relay.close();
  await adapter.close();
});

t.test('the relay’s program is opened, counts what it holds and restarts under the same address', async (t) => {
  t.equal(await connectTarget(relay.target), relay.target);
  const { address } = relay.target;
  const before = await relay.stats();
  t.match(before, { groups: 0, devices: 0, envelopes: 0, sessions: 0 });
  t.ok(Number(before['resident_bytes']) > 0);
  for (const signal of ['TERM', 'KILL'] as const) {
    await relay.restart(signal);
    t.same(relay.target.address, address);
    await connectTarget(relay.target);
  }
});

const picked = [
  'relay/handshake/hybrid',
  'relay/frame/length-huge',
  'relay/hello/replayed',
  'relay/hello/strangers-look-alike',
  'relay/push/conflict-shows-evidence',
  'relay/pull/bytes-boundary',
  'relay/subscribe/credit',
  'relay/mailbox/life',
  'relay/history/two-sessions',
  'relay/operator/expiry',
  'relay/restart/killed',
];

t.test('the relay passes a few scenarios of each kind over QUIC', async (t) => {
  const chosen = scenarios.filter(({ id }) => picked.includes(id));
  t.equal(chosen.length, picked.length);
  const judged = await runAll(chosen, relay.target, 4);
  t.same(
    judged.filter(({ verdict }) => verdict !== 'pass'),
    [],
  );
});
