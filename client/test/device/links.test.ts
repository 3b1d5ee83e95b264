import { settle } from '@0k-sync/testkit/time';
import t from 'tap';
import { MemoryDeviceStore, type Message } from '../../src/index.ts';
import { LINK_IDLE_MS } from '../../src/session/idle-watch.ts';
import { syncError } from '../support/expect.ts';
import { World } from '../support/world.ts';

const RELAYS = ['relay:4433'];

t.test('a relay is dialled when something needs it, and left when nothing does', async (test) => {
  const world = await World.create(test);
  const store = new MemoryDeviceStore();
  const first = await world.device({ store });
  const created = await first.createGroup({ relays: RELAYS });
  await settle();
  test.equal(created.state.connected, true, 'the announcement is due');
  await world.clock.advance(2 * LINK_IDLE_MS);
  test.match(created.state.relays, [{ state: 'idle' }]);
  test.notOk(created.state.relays[0]?.error);
  await world.shutDevice(first);

  const ann = await world.device({ store });
  const [group] = ann.groups;
  const { connections } = world.relay;
  await world.clock.advance(10 * LINK_IDLE_MS);
  test.equal(world.relay.connections, connections, 'nothing needs it');
  test.match(group?.state.relays, [{ state: 'idle' }]);
  test.equal(world.clock.timers, 0);

  const receipt = await group?.push('one');
  await receipt?.acknowledged;
  test.equal(world.relay.connections, connections + 1, 'a push');
  await world.clock.advance(2 * LINK_IDLE_MS);
  test.equal(group?.state.connected, false);
  await group?.connect();
  test.equal(world.relay.connections, connections + 2, 'a call');
  await world.clock.advance(2 * LINK_IDLE_MS);
  await group?.caughtUp();
  test.equal(world.relay.connections, connections + 3, 'catching up');
});

t.test('a link that is used within the bound stays', async (test) => {
  const world = await World.create(test);
  const ann = await world.device();
  const group = await ann.createGroup({ relays: RELAYS });
  await settle();
  for (let use = 0; use < 10; use += 1) {
    await group.connect();
    await world.clock.advance(LINK_IDLE_MS - 1);
  }
  test.equal(world.relay.connections, 1);
});

t.test('a group that somebody reads live keeps its link', async (test) => {
  const world = await World.create(test);
  const [ann, bob] = [await world.device(), await world.device()];
  const group = await ann.createGroup({ relays: RELAYS });
  const joined = await bob.join(await group.invite());
  const controller = new AbortController();
  const terminal = {
    position: async () => 0,
    transaction: (_name: string, _position: number, work: (tx: undefined) => Promise<void>) => work(undefined),
  };
  const seen: unknown[] = [];
  const print = (page: readonly Message[]) => void seen.push(...page.map(({ content }) => content));
  const reading = joined.log.process<undefined>('seen', print, { into: terminal, signal: controller.signal });
  await world.clock.advance(10 * LINK_IDLE_MS);
  test.match([group.state, joined.state], [{ connected: false }, { connected: true }]);
  await (await group.push('live')).acknowledged;
  await settle();
  test.same(seen, ['live']);
  controller.abort(new Error('enough'));
  await test.rejects(reading, { message: 'enough' });
  await world.clock.advance(2 * LINK_IDLE_MS);
  test.match(joined.state.relays, [{ state: 'idle' }]);
});

t.test('100 idle groups have no timers', async (test) => {
  const world = await World.create(test);
  const store = new MemoryDeviceStore();
  const first = await world.device({ store, offline: true });
  for (let count = 0; count < 100; count += 1) await first.createGroup();
  await world.shutDevice(first);
  const ann = await world.device({ store });
  test.equal(ann.groups.length, 100);
  await settle();
  test.equal(world.clock.timers, 0);
  test.equal(world.relay.connections, 0);
});

t.test('a refused message does not keep the link', async (test) => {
  const world = await World.create(test);
  const ann = await world.device();
  const group = await ann.createGroup({ relays: RELAYS });
  await settle();
  world.relay.behaviour.request = (body) => (body.$case === 'push' ? { error: 'ENVELOPE_TOO_LARGE' } : undefined);
  const receipt = await group.push('refused');
  await test.rejects(receipt.acknowledged, syncError({ kind: 'refused' }));
  await world.clock.advance(2 * LINK_IDLE_MS);
  test.match(group.state, { connected: false, unsynced: 1, relays: [{ state: 'idle' }] });
});

t.test('client.md/9 a local-only group works without a relay, and gets one later', async (test) => {
  const world = await World.create(test);
  const store = new MemoryDeviceStore();
  let ann = await world.device({ store });
  let group = await ann.createGroup();
  const { id } = group;
  await group.push('before');
  test.match(group.state, { connected: false, relays: [], unsynced: 2 });
  const noRelay = syncError({ kind: 'no-relay', hint: /addRelay/ });
  await test.rejects(group.flush(), noRelay);
  await test.rejects(group.invite(), noRelay);
  await test.rejects(group.cancelInvite('x'), noRelay);
  await test.rejects(group.connect(), noRelay);
  await test.rejects(group.reconnect(), noRelay);
  await test.rejects(group.caughtUp(), noRelay);
  test.same((await group.completeness()).complete, true);

  await test.rejects(group.addRelay('relay:port'), syncError({ kind: 'argument' }));
  await group.addRelay('relay:4433');
  await test.rejects(group.addRelay('other:4433'), syncError({ kind: 'argument', message: /relay:4433/ }));
  await settle();
  test.match(group.state, { connected: true, unsynced: 0 });
  const bob = await world.device();
  await bob.join(await group.invite());

  await world.shutDevice(ann);
  ann = await world.device({ store });
  [group] = ann.groups as [typeof group];
  test.equal(group.id, id);
  test.match(group.state.relays, [{ relay: 'relay:4433', state: 'idle' }]);
});

t.test('CL-32 the keys that a relay is added with are kept', async (test) => {
  const world = await World.create(test);
  const key = 'y'.repeat(52);
  const store = new MemoryDeviceStore();
  const ann = await world.device({ store });
  const created = await ann.createGroup({ relays: [`${key}@relay:4433`] });
  const added = await ann.createGroup();
  await added.addRelay(`${key}@relay:4433`);
  for (const group of [created, added]) test.match(group.trustedRelays, [{ nodeId: key, fixed: true }]);
  await settle();
  test.match(created.state.relays, [{ error: { kind: 'identity' } }]);
  await world.shutDevice(ann);
  const again = await world.device({ store, offline: true });
  for (const group of again.groups) test.match(group.trustedRelays, [{ nodeId: key, fixed: true }]);
});
