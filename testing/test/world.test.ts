import { MemoryStore, openDevice, SyncSession } from '@0k-sync/client';
import { TestWorld } from '@0k-sync/testing';
import t, { type Test } from 'tap';

async function openWorld(t: Test): Promise<TestWorld> {
  const world = await TestWorld.create();
  t.teardown(() => world.close());
  return world;
}

/** Two devices of one group; they are closed when the test ends. */
async function pair(t: Test, world: TestWorld) {
  const stores = { laptop: new MemoryStore(), phone: new MemoryStore() };
  const open = async (name: keyof typeof stores, relays: readonly string[]) => {
    const session = await SyncSession.new(undefined, relays, { ...world.device(name), store: stores[name] });
    t.teardown(() => session.close());
    return session;
  };
  const laptop = await open('laptop', [world.relay.address]);
  const phone = await open('phone', []);
  await phone.pairJoin(await laptop.pair());
  return { laptop, phone };
}

t.test('a message reaches another device without a pause', async (t) => {
  const world = await openWorld(t);
  const { laptop, phone } = await pair(t, world);
  await world.settle();
  const before = world.relay.storedCount;
  t.match(await (await laptop.push('hello')).acknowledged, { relay: 'relay:4433' });
  t.equal(world.relay.storedCount, before + 1);
  t.match(await phone.pull(), [{ content: 'hello', senderName: 'laptop' }]);
  t.equal(world.clock.monotonic(), 0);
});

t.test('a device without network keeps its messages, and sends them when its retry is due', async (t) => {
  const world = await openWorld(t);
  const { laptop, phone } = await pair(t, world);
  world.goOffline('laptop');
  await world.settle();
  t.equal(laptop.status.connected, false);
  const { acknowledged } = await laptop.push('kept');
  await world.clock.advance(60_000);
  t.match(await phone.pull(), []);
  t.match(laptop.status.relays, [{ error: { kind: 'unreachable' } }]);
  world.goOnline('laptop');
  await world.clock.advance(60_000);
  await acknowledged;
  t.match(await phone.pull(), [{ content: 'kept' }]);
});

t.test('the relay keeps what it has stored over a stop, and loses it by retention', async (t) => {
  const world = await openWorld(t);
  const { laptop, phone } = await pair(t, world);
  await (await laptop.push('stored')).acknowledged;
  const stored = world.relay.storedCount;
  await world.relay.stop();
  await world.relay.stop();
  await world.settle();
  t.equal(laptop.status.connected, false);
  await world.relay.start();
  await world.relay.start();
  t.equal(world.relay.storedCount, stored);
  await phone.connect();
  t.match(await phone.pull(), [{ content: 'stored' }]);
  world.relay.expireAll();
  t.equal(world.relay.storedCount, 0);
});

t.test('a device with groups lives in the world, and its log is read while it is offline', async (t) => {
  const world = await openWorld(t);
  const [laptop, phone] = [await openDevice(world.device('laptop')), await openDevice(world.device('phone'))];
  t.teardown(() => Promise.all([laptop.close(), phone.close()]));
  t.equal(laptop.name, 'laptop');
  const group = await laptop.createGroup({ relays: [world.relay.address] });
  const joined = await phone.join(await group.invite());
  await group.push('hello');
  await group.flush();
  await joined.caughtUp();
  world.goOffline('phone');
  const contents: unknown[] = [];
  for await (const page of joined.log.read()) contents.push(...page.map(({ content }) => content));
  t.strictSame(contents, ['hello']);
});

t.test('two worlds of one seed draw the same random bytes, another seed others', async (t) => {
  const keyOf = async (seed: string) => {
    const world = await TestWorld.create({ seed });
    const [first, second] = [world.device('a').random(32), world.device('b').random(32)];
    t.notSame(first, second, 'each device draws its own');
    t.notSame(world.device('a').random(32), first, 'a device that is opened again draws new bytes');
    await world.close();
    return first;
  };
  t.same(await keyOf('one'), await keyOf('one'));
  t.notSame(await keyOf('one'), await keyOf('two'));
});
