import { settle } from '@0k-sync/testkit/time';
import t from 'tap';
import type { GroupState, Progress } from '../../src/index.ts';
import { syncError } from '../support/expect.ts';
import { World } from '../support/world.ts';

const RELAYS = ['relay:4433'];

t.test('client.md/7 group.state is one frozen object that is another one only when it has changed', async (test) => {
  const world = await World.create(test);
  const group = await (await world.device()).createGroup({ relays: RELAYS });
  const told: GroupState[] = [];
  const stop = group.subscribe((state) => told.push(state));
  await settle();
  const before = group.state;
  test.equal(group.state, before);
  test.equal(told.at(-1), before, 'the listener gets the same object');
  test.equal(new Set(told).size, told.length, 'and each once');
  test.throws(() => Object.assign(before, { unsynced: 7 }), TypeError);
  test.throws(() => Object.assign(before.relays[0] ?? {}, { cursor: 7 }), TypeError);
  await (await group.push('one')).acknowledged;
  await settle();
  test.not(group.state, before);
  const { length } = told;
  stop();
  await (await group.push('two')).acknowledged;
  await settle();
  test.equal(told.length, length);
});

t.test('group.state tells why a relay is not connected, as a SyncError', async (test) => {
  const world = await World.create(test);
  const group = await (await world.device()).createGroup({ relays: ['nowhere:1'] });
  await settle();
  const [relay] = group.state.relays;
  test.equal(relay?.error?.kind, 'unreachable');
  test.equal(relay?.error?.relay, 'nowhere:1');
  test.equal(group.state, group.state);
});

t.test('a listener that throws hurts nobody', async (test) => {
  const world = await World.create(test);
  const group = await (await world.device()).createGroup({ relays: RELAYS });
  const thrown: unknown[] = [];
  process.once('uncaughtException', (error) => thrown.push(error));
  group.subscribe(() => {
    throw new Error('of the app');
  })();
  let calls = 0;
  const stop = group.subscribe(() => {
    calls += 1;
    stop();
    throw new Error('of the app');
  });
  await settle();
  test.equal(calls, 1);
  test.match(thrown, [{ message: 'of the app' }]);
  await (await group.push('still sent')).acknowledged;
});

t.test('caughtUp() reads to the head, with progress, however long the relay is away', async (test) => {
  const world = await World.create(test);
  const [ann, bob] = [await world.device(), await world.device()];
  const group = await ann.createGroup({ relays: RELAYS });
  const joined = await bob.join(await group.invite());
  for (let count = 0; count < 3; count += 1) await (await group.push(new Uint8Array(190_000))).acknowledged;
  await world.clock.advance(120_000);
  await world.relay.stop();
  const seen: Progress[] = [];
  const caught = joined.caughtUp({ onProgress: (progress) => seen.push(progress) });
  await world.clock.advance(600_000);
  test.same(seen, []);
  await world.listen();
  await world.clock.advance(120_000);
  await caught;
  test.same(seen.at(-1), { done: 5, total: 5, resumedFrom: 0 });
  await (await group.push('more')).acknowledged;
  await joined.caughtUp({ onProgress: (progress) => seen.push(progress) });
  test.same(seen.at(-1), { done: 6, total: 6, resumedFrom: 5 });
});

t.test('caughtUp() waits out what passes, and rejects what does not', async (test) => {
  const world = await World.create(test);
  const group = await (await world.device()).createGroup({ relays: RELAYS });
  await settle();
  let refusals = 3;
  world.relay.behaviour.request = (body) => {
    if (body.$case !== 'pull' || refusals === 0) return undefined;
    refusals -= 1;
    return { error: 'RATE_LIMITED', retryAfterMs: 1000 };
  };
  const caught = group.caughtUp();
  await world.clock.advance(30_000);
  await caught;
  test.equal(refusals, 0);
  world.relay.behaviour = { authorize: () => ({ error: 'DEVICE_REVOKED' }) };
  for (const link of world.network.links) link.cut();
  const refused = test.rejects(group.caughtUp(), syncError({ kind: 'refused' }));
  await world.clock.advance(60_000);
  await refused;
});

t.test('client.md/8 every call that waits for a relay ends with its signal', async (test) => {
  const world = await World.create(test);
  const group = await (await world.device()).createGroup({ relays: RELAYS });
  await settle();
  const reason = new Error('enough');
  const calls = {
    invite: async (signal: AbortSignal) => void (await group.invite({ signal })),
    connect: async (signal: AbortSignal) => void (await group.connect({ signal })),
    reconnect: async (signal: AbortSignal) => void (await group.reconnect({ signal })),
    caughtUp: (signal: AbortSignal) => group.caughtUp({ signal }),
  };
  await world.relay.stop();
  for (const [name, call] of Object.entries(calls)) {
    const controller = new AbortController();
    const rejected = test.rejects(call(controller.signal), { message: 'enough' }, name);
    controller.abort(reason);
    await rejected;
    await test.rejects(call(AbortSignal.abort(reason)), { message: 'enough' }, name);
  }
});
