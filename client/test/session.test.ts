import { inspect } from 'node:util';
import { errors } from '@0k-sync/generated/errors';
import { CONTENT_BYTES_MAX } from '@0k-sync/generated/limits';
import { settle } from '@0k-sync/testkit/time';
import t from 'tap';
import { MemoryStore, SyncSession } from '../src/index.ts';
import { syncError } from './support/expect.ts';
import { texts, World } from './support/world.ts';

t.test('RL-45 credit is given back, so that a long backlog comes through', async (test) => {
  const world = await World.create(test);
  const [ann, bob] = await world.pair();
  const receipts = [];
  for (let index = 0; index < 30; index += 1) receipts.push(await ann.session.push('x'.repeat(180_000)));
  await Promise.all(receipts.map(({ acknowledged }) => acknowledged));
  let count = 0;
  for await (const _ of bob.session.messages()) {
    count += 1;
    if (count === 30) break;
  }
  await settle();
  const credits = world.relay.requests.filter(({ $case }) => $case === 'credit');
  test.ok(credits.length >= 4, `${credits.length} credits`);
});

t.test('CL-02 a delivery that does not follow on the last one ends the session', async (test) => {
  const world = await World.create(test);
  const [ann, bob] = await world.pair();
  const reading = bob.session.messages();
  const next = reading.next();
  await settle();
  world.relay.behaviour.deliver = (segment) => ({ ...segment, after: segment.after + 1n });
  await ann.session.push('x');
  await settle();
  test.match(bob.session.status.relays, [{ state: 'waiting', error: { code: 1041 } }]);
  world.relay.behaviour = {};
  test.same(texts(await bob.session.pull()), ['x']);
  test.equal((await next).value?.content, 'x');
  await reading.return();
});

t.test('CL-06 a subscription at a relay that went back starts again', async (test) => {
  const world = await World.create(test);
  const [ann, bob] = await world.pair();
  await (await ann.session.push('one')).acknowledged;
  await bob.session.pull();
  await world.shut(bob);
  world.relay.group.rollBackTo(2);
  await world.shut(ann);
  const again = await world.open({ store: bob.store });
  const reading = again.session.messages();
  test.equal((await reading.next()).value?.content, 'one');
  const next = reading.next();
  await settle();
  test.match(again.named('rolled-back'), [{ cursor: 3 }]);
  const ann2 = await world.open({ store: ann.store });
  await ann2.session.push('two');
  test.equal((await next).value?.content, 'two', 'and nothing twice');
  await reading.return();
});

t.test('a pull can be aborted; so can a session', async (test) => {
  const world = await World.create(test);
  const controller = new AbortController();
  const [ann] = await world.pair();
  world.relay.behaviour.request = (body) => (body.$case === 'pull' ? 'silence' : undefined);
  const pulled = ann.session.pull(0, { signal: AbortSignal.abort(new Error('enough')) });
  await test.rejects(pulled, { message: 'enough' });
  const carol = await world.open({ signal: controller.signal });
  controller.abort();
  await settle();
  await test.rejects(carol.session.pair(), syncError({ kind: 'closed' }));
});

t.test('a closed session says so, and closing again is harmless', async (test) => {
  const world = await World.create(test);
  const [ann] = await world.pair();
  const pulling = ann.session.pull();
  await ann.session.close();
  await pulling.catch(() => {});
  await ann.session[Symbol.asyncDispose]();
  for (const call of [() => ann.session.push('x'), () => ann.session.pull(), () => ann.session.pair()]) {
    await test.rejects(async () => call(), syncError({ kind: 'closed' }));
  }
});

t.test('pull takes a cursor and a limit', async (test) => {
  const world = await World.create(test);
  const [ann, bob] = await world.pair();
  for (const text of ['one', 'two', 'three']) await (await ann.session.push(text)).acknowledged;
  const first = await bob.session.pull(0, { limit: 2 });
  test.same(texts(first), ['one', 'two']);
  test.same(texts(await bob.session.pull(first.at(-1)?.cursor, { limit: 2 })), ['three']);
});

t.test('offline: nothing is dialled, pushes are queued', async (test) => {
  const world = await World.create(test);
  const [ann] = await world.pair();
  const { connections } = world.relay;
  const offline = await world.reopen(ann, { offline: true });
  await offline.session.push('later');
  await test.rejects(offline.session.pull(), syncError({ kind: 'unreachable' }));
  await world.clock.advance(60_000);
  test.equal(world.relay.connections, connections);
  test.match(offline.session.status, { connected: false, unsynced: 1, relays: [{ state: 'idle' }] });
});

t.test('status events follow connections and the queue', async (test) => {
  const world = await World.create(test);
  const ann = await world.open();
  const seen: unknown[] = [];
  ann.session.on('status', ({ connected, unsynced }) => seen.push([connected, unsynced]));
  await ann.session.pair();
  await settle();
  test.same(seen[0], [false, 1]);
  test.same(seen.at(-1), [true, 0]);
});

t.test('CL-19 the status says what the relay removes, and keeps saying it while the link is down', async (test) => {
  const world = await World.create(test);
  const [ann] = await world.pair();
  const [relay] = ann.session.status.relays;
  test.same(relay?.retention, {}, 'it keeps everything');
  world.relay.behaviour.hello = (ack) => ({ ...ack, retentionSeconds: 86_400, retentionBytes: 1000n });
  await ann.session.reconnect();
  const expiring = { expiresAfterMs: 86_400_000, bytesMax: 1000 };
  test.same(ann.session.status.relays[0]?.retention, expiring);
  await world.relay.stop();
  await settle();
  test.match(ann.session.status, { connected: false, relays: [{ retention: expiring }] });
});

t.test('GR-12 a group id must be the one of the data, and readable', async (test) => {
  const world = await World.create(test);
  const [ann] = await world.pair();
  const { groupId } = ann.session;
  await world.shut(ann);
  const open = (id: string) => SyncSession.new(id, ['relay:4433'], world.options(ann.store));
  await test.rejects(open('y'.repeat(52)), syncError({ kind: 'already-paired' }));
  await test.rejects(open('no'), syncError({ kind: 'argument' }));
  const session = await open(groupId ?? '');
  test.equal(session.groupId, groupId);
  await session.close();
  const none = SyncSession.new(undefined, [], world.options(new MemoryStore()));
  await test.rejects(
    none.then((empty) => empty.pair()),
    syncError({ kind: 'argument', message: /No relay/ }),
  );
});

t.test('GR-11 F-011 inspection and JSON of a session show no secret', async (test) => {
  const world = await World.create(test);
  const [ann] = await world.pair();
  const { seed, group } = await ann.store.load();
  const shown = inspect(ann.session, { depth: 20, showHidden: true }) + JSON.stringify(ann.session);
  for (const secret of [seed, group?.epochSecrets[0]?.secret]) {
    test.ok(secret);
    test.notOk(shown.includes(Buffer.from(secret ?? []).toString('hex')));
    test.notOk(shown.includes(inspect(secret).slice(12, 60)));
  }
});

t.test('EN-17 times are shown as they were told, and never decide the order', async (test) => {
  const world = await World.create(test);
  const [ann, bob] = await world.pair();
  await (await ann.session.push('first, by a clock that is ahead')).acknowledged;
  await world.shut(bob);
  const behind = { now: () => 5, monotonic: () => world.clock.monotonic(), after: world.clock.after.bind(world.clock) };
  const later = await world.open({ store: bob.store, clock: behind });
  await (await later.session.push('second')).acknowledged;
  const messages = await ann.session.pull();
  test.same(texts(messages), ['first, by a clock that is ahead', 'second']);
  test.equal(messages[1]?.sentAtMs, 5);
});

t.test('connect() tells what the handshake has proven', async (test) => {
  const world = await World.create(test);
  const ann = await world.open();
  await test.rejects(ann.session.connect(), syncError({ kind: 'not-paired' }));
  await ann.session.pair();
  const first = await ann.session.connect();
  test.match(first, { relay: 'relay:4433', nodeId: ann.session.trustedRelays[0]?.nodeId, version: 2 });
  test.equal(first.handshakeHash.length, 32);
  test.same(await ann.session.connect(), first, 'the same session');
  const again = await world.reopen(ann, { mode: 'hybrid' });
  test.notSame((await again.session.connect()).handshakeHash, first.handshakeHash, 'HS-10');
});

t.test('finding/A a reader is told when the relay refuses this device for good', async (test) => {
  const world = await World.create(test);
  const [ann, bob] = await world.pair();
  await (await ann.session.push('one')).acknowledged;
  const reading = bob.session.messages();
  test.equal((await reading.next()).value?.content, 'one');
  const next = reading.next();
  world.relay.behaviour.authorize = () => ({ error: 'DEVICE_REVOKED' });
  for (const link of world.network.links) link.cut();
  const told = test.rejects(
    next,
    syncError({ kind: 'refused', code: errors.DEVICE_REVOKED.number, relay: 'relay:4433' }),
  );
  await world.clock.advance(1000);
  await told;
});

t.test('CL-18 RL-45 finding/C8 a relay that delivers more than it has credit for breaks the protocol', async (test) => {
  const world = await World.create(test);
  const [ann, bob] = await world.pair();
  const reading = bob.session.messages();
  const next = reading.next();
  await settle();
  const [session] = [...world.relay.sessions].filter(({ subscription }) => subscription !== undefined);
  session?.subscription?.addCredit(2 ** 30);
  world.relay.behaviour.deliver = () => 'silence';
  const { connections } = world.relay;
  const big = new Uint8Array(CONTENT_BYTES_MAX);
  for (let count = 0; count < 24; count += 1) await (await ann.session.push(big)).acknowledged;
  const segment = { ...world.relay.group.segment(2, 2 ** 30), after: 2n };
  test.equal(segment.envelopes.length, 24);
  const { envelopes } = segment;
  for (let index = 0; index < envelopes.length; index += 2) {
    const two = envelopes.slice(index, index + 2);
    const [after, nextCursor] = [BigInt(2 + index), BigInt(2 + index + two.length)];
    session?.engine.deliver({
      segment: { ...segment, after, removedThrough: after, envelopes: two, next: nextCursor },
    });
    session?.drive(() => {});
  }
  await settle();
  test.match(bob.session.status.relays, [{ error: { code: 2008 } }]);
  world.relay.behaviour = {};
  await world.clock.advance(1000);
  test.equal(world.relay.connections, connections + 1);
  await next;
  await reading.return();
});
