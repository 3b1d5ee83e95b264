import { RECONNECT_MS_MAX, RECONNECT_MS_MIN, RECONNECT_STABLE_MS } from '@0k-sync/generated/limits';
import { type Reply, replaceAnswers } from '@0k-sync/testkit/relay';
import { settle } from '@0k-sync/testkit/time';
import type { Value } from '@0k-sync/testkit/wire';
import fc from 'fast-check';
import t from 'tap';
import { Backoff } from '../src/async/backoff.ts';
import { syncError } from './support/expect.ts';
import { lingering } from './support/lingering.ts';
import { texts, World } from './support/world.ts';

/** A page that claims one cursor more than it accounts for. */
function oneTooFar(value: Value<'page'>): Reply {
  if (value.segment !== undefined) value.segment.next += 1n;
  return { $case: 'page', value };
}

t.test(
  'CL-36 LI-30 LI-31 LI-32 F-024 the wait is uniformly random within a window that doubles up to its bound',
  async (test) => {
    const widest = (length: number) => new Uint8Array(length).fill(255);
    const backoff = new Backoff(widest);
    const waits = Array.from({ length: 8 }, () => backoff.nextDelay());
    test.same(waits, [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
    test.equal(new Backoff((length) => new Uint8Array(length)).nextDelay(), 0);
    backoff.noteSession(RECONNECT_STABLE_MS - 1);
    test.equal(backoff.nextDelay(), RECONNECT_MS_MAX);
    backoff.noteSession(RECONNECT_STABLE_MS);
    test.equal(backoff.nextDelay(), RECONNECT_MS_MIN);
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 4, maxLength: 4 }), fc.nat(20), (draw, attempts) => {
        const random = new Backoff(() => draw);
        for (let attempt = 0; attempt < attempts; attempt += 1) random.nextDelay();
        const wait = random.nextDelay();
        return wait >= 0 && wait <= Math.min(RECONNECT_MS_MAX, RECONNECT_MS_MIN * 2 ** attempts);
      }),
    );
  },
);

t.test('CL-36 a lost connection is tried again by itself', async (test) => {
  const world = await World.create(test);
  const [ann, bob] = await world.pair();
  for (const link of world.network.links) link.cut();
  await settle();
  test.match(ann.session.status, { connected: false, relays: [{ state: 'waiting', error: { kind: 'unreachable' } }] });
  test.ok((ann.session.status.relays[0]?.retryAtMs ?? 0) <= world.clock.now() + RECONNECT_MS_MIN);
  await world.clock.advance(RECONNECT_MS_MIN);
  test.equal(ann.session.status.connected, true);
  await (await ann.session.push('back')).acknowledged;
  test.same(texts(await bob.session.pull()), ['back']);
});

t.test('SE-22 a half-open connection is noticed and replaced', async (test) => {
  const world = await World.create(test);
  const [ann] = await world.pair();
  const connections = world.relay.connections;
  for (const link of world.network.links) link.drop('listener');
  const receipt = await ann.session.push('into the void');
  await world.clock.advance(120_000);
  await receipt.acknowledged;
  test.ok(world.relay.connections > connections);
});

t.test('a relay that starts later is found; what asks meanwhile gets a clear error', async (test) => {
  const world = new World();
  test.teardown(() => world.close());
  const ann = await world.open();
  await test.rejects(ann.session.pair(), syncError({ kind: 'unreachable', relay: 'relay:4433', hint: /./ }));
  test.ok(ann.session.groupId, 'the group is kept');
  await world.listen();
  test.match(await ann.session.pair(), /^0ksync:/);
});

t.test('CL-37 after a fatal error whose row says no the client does not reconnect by itself', async (test) => {
  const world = await World.create(test);
  const [ann] = await world.pair();
  world.relay.behaviour.hello = () => ({ error: 'DEVICE_REVOKED' });
  for (const link of world.network.links) link.cut();
  await world.clock.advance(1000);
  const { connections } = world.relay;
  await world.clock.advance(600_000);
  test.equal(world.relay.connections, connections);
  test.match(ann.session.status.relays, [{ state: 'stopped', error: { kind: 'refused', code: 1003 } }]);
  await test.rejects(ann.session.pull(), syncError({ code: 1003 }));
  test.ok((await ann.store.load()).group, 'SE-16 nothing is wiped on a relay’s word');
  world.relay.behaviour = {};
  await ann.session.pull();
});

t.test(
  'CL-37 a call is answered by the Hello with Enrolment, and the next call by an attempt of its own',
  async (test) => {
    const world = await World.create(test);
    const [ann] = await world.pair();
    await world.shut(ann);
    let hellos = 0;
    world.relay.behaviour.authorize = (verdict) => {
      hellos += 1;
      return hellos > 2 ? verdict : { error: 'UNAUTHORIZED' };
    };
    const again = await world.open({ store: ann.store });
    await test.rejects(again.session.connect(), syncError({ kind: 'refused', code: 1002 }));
    test.equal(hellos, 2, 'without Enrolment, then with it');
    test.same(texts(await again.session.pull()), []);
    test.equal(hellos, 3);
  },
);

t.test('CL-36 a call that comes during an attempt is not answered by what ended that attempt', async (test) => {
  const world = await World.create(test);
  const [ann] = await world.pair();
  let during: Promise<unknown> | undefined;
  world.relay.behaviour.hello = () => {
    world.relay.behaviour = {};
    during = ann.session.pull();
    return { error: 'RELAY_OVERLOADED' };
  };
  for (const link of world.network.links) link.cut();
  await world.clock.advance(1000);
  test.same(await during, []);
});

t.test('SE-21 a call that comes between GoAway and the close is answered by the next session', async (test) => {
  const world = await World.create(test);
  const [ann] = await world.pair();
  world.relay.behaviour.ending = () => 'silence';
  world.relay.shutdown();
  await settle();
  const pulled = ann.session.pull();
  world.relay.behaviour = {};
  for (const link of world.network.links) link.cut();
  await settle();
  test.same(await pulled, []);
});

t.test('SE-21 GoAway is followed by a new connection', async (test) => {
  const world = await World.create(test);
  const [ann] = await world.pair();
  world.relay.shutdown();
  await settle();
  test.match(ann.session.status.relays, [{ state: 'waiting' }]);
  await world.clock.advance(1000);
  test.equal(ann.session.status.connected, true);
});

t.test('SE-12 a relay that lost the record gets it again', async (test) => {
  const world = await World.create(test);
  const [ann] = await world.pair();
  world.relay.group.records.clear();
  const again = await world.reopen(ann);
  await settle();
  test.equal(again.session.status.connected, true);
  test.equal(world.relay.group.records.size, 1);
});

t.test(
  'CL-37 SE-07 after a violation the next action dials again, also while the connection is closing',
  async (test) => {
    const world = await World.create(test);
    const codes: number[] = [];
    const ann = await world.open({
      transport: lingering(world.network.transport('device'), (code) => codes.push(code)),
    });
    await ann.session.pair();
    await ann.session.pull();
    const { connections } = world.relay;
    world.relay.behaviour.answer = replaceAnswers('page', oneTooFar);
    await test.rejects(ann.session.pull(), syncError({ kind: 'protocol', code: 1041 }));
    test.same(codes, [1041], 'the relay is told');
    world.relay.behaviour = {};
    test.same(texts(await ann.session.pull()), [], 'at once');
    test.equal(world.relay.connections, connections + 1);
    world.relay.behaviour.request = () => ({ error: 'DEVICE_REVOKED' });
    await test.rejects(ann.session.pull(), syncError({ kind: 'refused', code: 1003 }));
    world.relay.behaviour = {};
    await settle();
    test.same(texts(await ann.session.pull()), [], 'when it is closed');
    test.equal(world.relay.connections, connections + 2);
  },
);

t.test('CL-37 SE-07 what a session leaves unanswered when it ends late does not end the next one', async (test) => {
  const world = await World.create(test);
  const ann = await world.open({ transport: lingering(world.network.transport('device'), () => {}) });
  await ann.session.pair();
  await ann.session.pull();
  const reading = new AbortController();
  test.teardown(() => reading.abort());
  const messages = ann.session.messages({ signal: reading.signal });
  messages.next().catch(() => {});
  await settle();
  const { connections } = world.relay;
  world.relay.behaviour.answer = replaceAnswers('page', oneTooFar);
  await test.rejects(ann.session.pull(), syncError({ kind: 'protocol', code: 1041 }));
  world.relay.behaviour = {};
  test.same(texts(await ann.session.pull()), [], 'at once, while the first one is still closing');
  await settle();
  test.same(texts(await ann.session.pull()), [], 'and when it has closed');
  test.equal(world.relay.connections, connections + 1);
});
