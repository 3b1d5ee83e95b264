import { settle } from '@0k-sync/testkit/time';
import t from 'tap';
import { World } from './support/world.ts';

const AGE_MS = 400_000;

/** Two devices at a relay that expires by age from now on. */
async function expiringWorld(test: Parameters<typeof World.create>[0]) {
  const world = await World.create(test);
  const [ann, bob] = await world.pair();
  world.relay.behaviour.hello = (ack) => ({ ...ack, retentionSeconds: AGE_MS / 1000 });
  for (const { session } of [ann, bob]) await session.reconnect();
  return { world, ann, bob };
}

t.test('CL-29 an absence is told once, before the relay removes what came meanwhile', async (test) => {
  const { world, ann } = await expiringWorld(test);
  await ann.session.pull();
  for (let absence = 1; absence <= 2; absence += 1) {
    const goneAt = world.clock.now();
    await world.relay.stop();
    await world.clock.advance(AGE_MS / 2);
    test.equal(ann.named('expiring').length, absence - 1, 'there is time');
    await world.clock.advance(AGE_MS);
    test.equal(ann.named('expiring').length, absence, 'once');
    test.match(ann.named('expiring').at(-1), { relay: 'relay:4433', what: 'unread', atMs: goneAt + AGE_MS });
    await world.listen();
    await ann.session.reconnect();
  }
});

t.test('CL-29 an absence goes on over a restart, and is told once', async (test) => {
  const { world, ann } = await expiringWorld(test);
  await ann.session.pull();
  const goneAt = world.clock.now();
  await world.relay.stop();
  await world.clock.advance(AGE_MS / 2);
  test.same(ann.named('expiring'), [], 'there is time');
  const again = await world.reopen(ann);
  await world.clock.advance(AGE_MS / 2);
  test.match(again.named('expiring'), [{ relay: 'relay:4433', what: 'unread' }]);
  const [{ atMs } = { atMs: 0 }] = again.named('expiring') as readonly { readonly atMs: number }[];
  test.ok(Math.abs(atMs - (goneAt + AGE_MS)) <= 1, 'the time counts from the last session');
  const third = await world.reopen(again);
  await world.clock.advance(AGE_MS);
  test.same(third.named('expiring'), [], 'it was told');
  await world.listen();
  await third.session.reconnect();
  await world.relay.stop();
  await world.clock.advance(2 * AGE_MS);
  test.equal(third.named('expiring').length, 1, 'another absence');
});

t.test('CL-29 a session that goes on for long is no absence for a process that died in it', async (test) => {
  const { world, ann } = await expiringWorld(test);
  await world.clock.advance(3 * AGE_MS);
  const dead = await ann.store.load();
  test.match(dead.visits, [{ relay: 'relay:4433', expiresAfterMs: AGE_MS, told: false }]);
  await world.relay.stop();
  const again = await world.open({ store: ann.store });
  await world.clock.advance(AGE_MS / 2);
  test.same(again.named('expiring'), []);
});

t.test('CL-29 history is told once, when the oldest message has a quarter of its time left', async (test) => {
  const { world, ann, bob } = await expiringWorld(test);
  const sentAt = world.clock.now();
  await (await ann.session.push('old')).acknowledged;
  await bob.session.pull();
  await world.clock.advance(AGE_MS / 2);
  await (await ann.session.push('new')).acknowledged;
  for (const { session } of [ann, bob]) await session.pull();
  test.same([...ann.named('expiring'), ...bob.named('expiring')], [], 'there is time');
  await world.clock.advance(AGE_MS / 4);
  for (const device of [ann, bob, ann, bob]) {
    await device.session.pull();
    await settle();
    test.same(device.named('expiring'), [{ relay: 'relay:4433', what: 'history', atMs: sentAt + AGE_MS }]);
  }
});

t.test('CL-29 a relay that keeps everything, or serves nothing any more, is not told of', async (test) => {
  const world = await World.create(test);
  const [ann, bob] = await world.pair();
  await (await ann.session.push('kept')).acknowledged;
  await world.clock.advance(10 * AGE_MS);
  await bob.session.pull();
  test.same(bob.named('expiring'), []);
  world.relay.behaviour.hello = (ack) => ({ ...ack, retentionSeconds: AGE_MS / 1000 });
  world.relay.group.expireThrough(world.relay.group.head);
  await bob.session.reconnect();
  await bob.session.pull();
  test.same(bob.named('expiring'), []);
});
