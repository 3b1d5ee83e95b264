import { settle } from '@0k-sync/testkit/time';
import t from 'tap';
import type { Message } from '../../src/index.ts';
import { MemoryDeviceStore } from '../../src/index.ts';
import { syncError } from '../support/expect.ts';
import { texts, World } from '../support/world.ts';

t.test('useRelay() takes the place of the group’s own relay until the group is closed', async (test) => {
  const world = await World.create(test);
  const store = new MemoryDeviceStore();
  const ann = await world.device({ store });
  const group = await ann.createGroup({ relays: ['nowhere:1'] });
  const { acknowledged } = await group.push('one');
  await test.rejects(group.connect(), syncError({ kind: 'unreachable', relay: 'nowhere:1' }));
  await test.rejects(group.useRelay('relay:port'), syncError({ kind: 'argument' }));
  const waiting = test.rejects(
    group.caughtUp(),
    syncError({ kind: 'closed' }),
    'what waits for the other relay is over',
  );
  await group.useRelay('relay:4433');
  await waiting;
  await settle();
  test.match(await acknowledged, { relay: 'relay:4433' });
  test.match(group.state, { connected: true, unsynced: 0, relays: [{ relay: 'relay:4433' }] });
  await world.shutDevice(ann);
  const [again] = (await world.device({ store, offline: true })).groups;
  test.match(again?.state.relays, [{ relay: 'nowhere:1' }]);
});

t.test('CL-32 a relay that is named with its key must show it', async (test) => {
  const world = await World.create(test);
  const group = await (await world.device()).createGroup({ relays: ['nowhere:1'] });
  await group.useRelay(`${'y'.repeat(52)}@relay:4433`);
  await test.rejects(group.connect(), syncError({ kind: 'identity', relay: 'relay:4433' }));
});

t.test('a group is read by the cursors of its relay as a session is', async (test) => {
  const world = await World.create(test);
  const [ann, bob] = [await world.device(), await world.device()];
  const group = await ann.createGroup({ relays: ['relay:4433'] });
  const joined = await bob.join(await group.invite());
  for (const text of ['one', 'two']) await (await group.push(text)).acknowledged;
  const pulled = await joined.pull();
  test.same(texts(pulled), ['one', 'two']);
  test.same(texts(await joined.pull(pulled[0]?.cursor)), ['two']);
  const given: Message[] = [];
  for await (const message of joined.messages({ live: false })) given.push(message);
  test.same(texts(given), ['one', 'two']);
});
