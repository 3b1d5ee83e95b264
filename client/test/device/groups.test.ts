import { toHex } from '@0k-sync/core/bytes';
import { settle } from '@0k-sync/testkit/time';
import t from 'tap';
import { type Group, MemoryDeviceStore } from '../../src/index.ts';
import { syncError } from '../support/expect.ts';
import { World } from '../support/world.ts';

const RELAYS = ['relay:4433'];

/** The ids of groups. */
function ids(groups: readonly Group[]): readonly string[] {
  return groups.map(({ id }) => id);
}

t.test('GR-10 a device has many groups in one store, each with keys and a connection of its own', async (test) => {
  const world = await World.create(test);
  const store = new MemoryDeviceStore();
  const ann = await world.device({ store, name: 'Ann' });
  const one = await ann.createGroup({ relays: RELAYS });
  const two = await ann.createGroup({ relays: RELAYS });
  await settle();
  test.not(one.id, two.id);
  test.not(one.device, two.device, 'no relay can link them');
  test.equal(world.relay.connections, 2);
  test.equal(new Set(world.relay.hellos.map(({ deviceKey }) => toHex(deviceKey))).size, 2);
  await (await one.push('in one')).acknowledged;
  test.same(ids(ann.groups), [one.id, two.id]);
  test.equal(ann.group(one.id), one);
  test.equal(ann.group('y'.repeat(52)), undefined);

  await world.shutDevice(ann);
  const again = await world.device({ store });
  test.same(ids(again.groups), [one.id, two.id], 'also after a restart');
  test.equal(again.groups[0]?.device, one.device);
  test.same(
    (await again.groups[0]?.devices())?.map(({ name, own }) => [name, own]),
    [['Ann', true]],
  );
});

t.test('two devices of one group reach each other', async (test) => {
  const world = await World.create(test);
  const [ann, bob] = [await world.device({ name: 'Ann' }), await world.device({ name: 'Bob' })];
  const group = await ann.createGroup({ relays: RELAYS });
  const steps: unknown[] = [];
  const joined = await bob.join(await group.invite(), { onProgress: (progress) => steps.push(progress) });
  test.equal(joined.id, group.id);
  test.same(
    steps,
    [1, 2, 3].map((done) => ({ done, total: 3, resumedFrom: 0 })),
  );
  await (await joined.push('hello')).acknowledged;
  await group.caughtUp();
  test.equal(group.state.relays[0]?.cursor, 3);
});

t.test('device.groups is a frozen array that is another one only when there are others', async (test) => {
  const world = await World.create(test);
  const ann = await world.device();
  const told: (readonly Group[])[] = [];
  ann.on('groups', (groups) => told.push(groups));
  const before = ann.groups;
  test.equal(ann.groups, before);
  const one = await ann.createGroup();
  const two = await ann.createGroup();
  const both = ann.groups;
  test.equal(ann.groups, both);
  test.throws(() => (both as Group[]).push(one), TypeError);
  await one.close();
  test.same(ids(ann.groups), [two.id]);
  await test.rejects(one.push('late'), syncError({ kind: 'closed' }));
  test.same(
    told.map((groups) => groups.length),
    [1, 2, 1],
  );
});

t.test('forgetGroup() removes a group from this device, and leaves the others', async (test) => {
  const world = await World.create(test);
  const store = new MemoryDeviceStore();
  const ann = await world.device({ store });
  const one = await ann.createGroup({ relays: RELAYS });
  const two = await ann.createGroup({ relays: RELAYS });
  await settle();
  await ann.forgetGroup(one.id);
  await ann.forgetGroup(one.id);
  test.same(ids(ann.groups), [two.id]);
  await (await two.push('still here')).acknowledged;
  await world.shutDevice(ann);
  test.equal((await store.slots()).length, 1);
  test.same(ids((await world.device({ store })).groups), [two.id]);
});

t.test('finding/A a rejected createGroup() leaves no half-made group', async (test) => {
  const world = await World.create(test);
  const store = new MemoryDeviceStore();
  const ann = await world.device({ store, name: 'x'.repeat(65) });
  const aborted = AbortSignal.abort(new Error('no more'));
  for (const [options, error] of [
    [{}, syncError({ kind: 'argument', message: /name/ })],
    [{ relays: ['one', 'two'] }, syncError({ kind: 'argument', message: /More than one/ })],
    [{ relays: ['relay:port'] }, syncError({ kind: 'argument' })],
    [{ signal: aborted }, { message: 'no more' }],
  ] as const) {
    await test.rejects(ann.createGroup(options), error);
    test.same(ann.groups, []);
  }
  await world.shutDevice(ann);
  test.same((await world.device({ store })).groups, []);
});

t.test('PA-20 a rejected join() leaves no half-made group, and the same device can try again', async (test) => {
  const world = await World.create(test);
  const store = new MemoryDeviceStore();
  const ann = await world.device();
  let bob = await world.device({ store });
  const group = await ann.createGroup({ relays: RELAYS });
  const passphrase = 'correct horse battery staple';
  const invite = await group.invite({ passphrase });
  await test.rejects(bob.join(invite, { passphrase: 'wrong horse battery staple' }), syncError({ kind: 'invite' }));
  test.same(bob.groups, []);
  await world.shutDevice(bob);
  bob = await world.device({ store });
  test.same(bob.groups, [], 'nor after a restart');
  const joined = await bob.join(invite, { passphrase });
  test.equal(joined.id, group.id);
  test.equal((await store.slots()).length, 1);
});

t.test('a device joins a group once', async (test) => {
  const world = await World.create(test);
  const store = new MemoryDeviceStore();
  const [ann, bob] = [await world.device(), await world.device({ store })];
  const group = await ann.createGroup({ relays: RELAYS });
  const joined = await bob.join(await group.invite());
  await test.rejects(bob.join(await group.invite()), syncError({ kind: 'already-paired', hint: /device\.group/ }));
  const [first, second] = [await group.invite(), await group.invite()];
  await bob.forgetGroup(joined.id);
  const both = await Promise.allSettled([bob.join(first), bob.join(second)]);
  test.same(both.map(({ status }) => status).sort(), ['fulfilled', 'rejected'], 'at once too');
  test.same(ids(bob.groups), [group.id]);
});

t.test('finding/A a join can be cancelled, and then leaves nothing', async (test) => {
  const world = await World.create(test);
  const [ann, bob] = [await world.device(), await world.device()];
  const group = await ann.createGroup({ relays: RELAYS });
  const invite = await group.invite();
  world.relay.behaviour.request = (body) => (body.$case === 'mailboxClaim' ? 'silence' : undefined);
  const controller = new AbortController();
  const joining = bob.join(invite, { signal: controller.signal });
  await settle();
  controller.abort(new Error('changed my mind'));
  await test.rejects(joining, { message: 'changed my mind' });
  test.same(bob.groups, []);
  world.relay.behaviour = {};
  test.equal((await bob.join(invite)).id, group.id, 'the same invite works later');
});

t.test('close() ends what is under way', async (test) => {
  const world = await World.create(test);
  const [ann, bob] = [await world.device(), await world.device()];
  const group = await ann.createGroup({ relays: RELAYS });
  const invite = await group.invite();
  world.relay.behaviour.request = () => 'silence';
  const joining = bob.join(invite);
  const rejected = test.rejects(joining, syncError({ kind: 'closed' }));
  await settle();
  await world.shutDevice(bob);
  await rejected;
  await test.rejects(bob.createGroup(), syncError({ kind: 'closed' }));
  await test.rejects(bob.join(invite), syncError({ kind: 'closed' }));
});
