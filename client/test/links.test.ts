import { errors } from '@0k-sync/generated/errors';
import {
  ANSWER_MS_MAX,
  GAP_WAIT_MS,
  PROBE_MS_MAX,
  QUIET_MS_MAX,
  RECONNECT_EQUAL_MAX,
  RECONNECT_EQUAL_MS_MAX,
  RECONNECT_MS_MAX,
  RECONNECT_MS_MIN,
  REFUSED_RETRY_MS,
  RETRY_AFTER_MS_MAX,
} from '@0k-sync/generated/limits';
import { settle } from '@0k-sync/testkit/time';
import t from 'tap';
import { Backoff } from '../src/async/backoff.ts';
import { MemoryStore, type Store } from '../src/index.ts';
import { syncError } from './support/expect.ts';
import { texts, World } from './support/world.ts';

const widest = (length: number) => new Uint8Array(length).fill(255);

t.test(
  'CL-36 LI-74 LI-75 after equal failures the window grows on, and any other end narrows it again',
  async (test) => {
    const backoff = new Backoff(widest);
    const waits = Array.from({ length: 12 }, () => {
      backoff.noteEnd('HANDSHAKE_FAILED');
      return backoff.nextDelay();
    });
    const doubled = (attempt: number, bound: number) => Math.min(bound, RECONNECT_MS_MIN * 2 ** attempt);
    test.same(
      waits,
      waits.map((_, attempt) =>
        doubled(attempt, attempt + 1 < RECONNECT_EQUAL_MAX ? RECONNECT_MS_MAX : RECONNECT_EQUAL_MS_MAX),
      ),
    );
    backoff.noteEnd('HANDSHAKE_MALFORMED');
    test.equal(backoff.nextDelay(), RECONNECT_MS_MAX);
    backoff.noteEnd(undefined);
    test.equal(backoff.nextDelay(), RECONNECT_MS_MAX);
    backoff.reset();
    test.equal(backoff.nextDelay(), RECONNECT_MS_MIN, 'CL-39');
  },
);

t.test(
  'CL-37 LI-76 after an authenticated refusal of 1001 to 1003 the client asks again every REFUSED_RETRY_MS',
  async (test) => {
    for (const error of ['UNKNOWN_GROUP', 'UNAUTHORIZED', 'DEVICE_REVOKED', 'DEVICES_EXCEEDED'] as const) {
      const world = await World.create(test);
      const [ann] = await world.pair();
      let hellos = 0;
      world.relay.behaviour.authorize = () => {
        hellos += 1;
        return { error };
      };
      for (const link of world.network.links) link.cut();
      await world.clock.advance(10_000);
      const first = error === 'UNAUTHORIZED' ? 4 : 2;
      test.equal(hellos, first, `${error}: both devices, each once`);
      test.match(ann.session.status.relays, [{ state: 'stopped', error: { code: errors[error].number } }]);
      await world.clock.advance(REFUSED_RETRY_MS - 20_000);
      test.equal(hellos, first, error);
      world.relay.behaviour = {};
      await world.clock.advance(20_000);
      test.equal(ann.session.status.connected, error !== 'DEVICES_EXCEEDED', error);
    }
  },
);

t.test('CL-37 an Error frame of a relay with other keys than the pinned ones ends no reconnecting', async (test) => {
  const world = await World.create(test);
  const ann = await world.open();
  await ann.session.pair();
  await world.shut(ann);
  world.relay.changeKeys();
  let hellos = 0;
  world.relay.behaviour.authorize = (verdict) => {
    hellos += 1;
    return hellos === 1 ? { error: 'DEVICE_REVOKED' } : verdict;
  };
  const again = await world.open({ store: ann.store });
  await settle();
  test.match(again.session.status.relays, [{ state: 'waiting', error: { code: 1003 } }]);
  await world.clock.advance(RECONNECT_MS_MIN);
  test.equal(hellos, 2);
});

t.test(
  'ER-05 LI-77 finding/C6 no relay can make a client wait longer than RETRY_AFTER_MS_MAX and a time of CL-36',
  async (test) => {
    for (const retryAfterMs of [2 ** 52, RETRY_AFTER_MS_MAX + 1]) {
      const world = await World.create(test);
      const [ann] = await world.pair();
      world.relay.behaviour.hello = () => ({ error: 'RELAY_OVERLOADED', retryAfterMs });
      for (const link of world.network.links) link.cut();
      await world.clock.advance(RECONNECT_MS_MIN);
      test.match(ann.session.status.relays, [{ state: 'waiting', error: { code: 3000 } }]);
      world.relay.behaviour = {};
      await world.clock.advance(RETRY_AFTER_MS_MAX - RECONNECT_MS_MIN);
      test.equal(ann.session.status.connected, false, 'it is obeyed so far');
      await world.clock.advance(RECONNECT_MS_MAX);
      test.equal(ann.session.status.connected, true);
    }
  },
);

t.test('ER-05 finding/C6 nor can it hold a message longer', async (test) => {
  const world = await World.create(test);
  const [ann] = await world.pair();
  world.relay.behaviour.request = (body) =>
    body.$case === 'push' ? { error: 'RATE_LIMITED', retryAfterMs: 2 ** 52 } : undefined;
  const { acknowledged } = await ann.session.push('patient');
  await settle();
  world.relay.behaviour = {};
  await world.clock.advance(RETRY_AFTER_MS_MAX + RECONNECT_MS_MAX);
  await acknowledged;
});

t.test('SE-24 SE-26 finding/C9 a relay that has vanished is noticed, and dialled again at once', async (test) => {
  const world = await World.create(test);
  const [ann] = await world.pair();
  for (const link of world.network.links) link.drop('listener');
  const { connections } = world.relay;
  const { acknowledged } = await ann.session.push('into the void');
  await world.clock.advance(QUIET_MS_MAX + PROBE_MS_MAX - 1);
  test.equal(world.relay.connections, connections);
  await world.clock.advance(1);
  test.equal(world.relay.connections, connections + 1);
  await acknowledged;
});

t.test('SE-25 SE-26 finding/C2 a relay that pongs and answers nothing is told about, and asked anew', async (test) => {
  const world = await World.create(test);
  const [ann] = await world.pair();
  world.relay.behaviour.request = () => 'silence';
  const pulled = ann.session.pull();
  pulled.catch(() => {});
  await world.clock.advance(ANSWER_MS_MAX - 1);
  test.match(ann.session.status.relays, [{ state: 'connected' }]);
  await world.clock.advance(1);
  await test.rejects(pulled, syncError({ kind: 'unreachable', code: 2007, relay: 'relay:4433' }));
  test.match(ann.session.status.relays, [{ state: 'waiting', error: { code: 2007 } }]);
  world.relay.behaviour = {};
  await world.clock.advance(RECONNECT_MS_MIN);
  test.equal(ann.session.status.connected, true);
});

t.test('CL-36 a session that held a request up was not stable', async (test) => {
  const world = await World.create(test);
  const [ann] = await world.pair();
  world.relay.behaviour.request = (body) => (body.$case === 'push' ? 'silence' : undefined);
  await ann.session.push('held up').then(({ acknowledged }) => void acknowledged.catch(() => {}));
  const { connections } = world.relay;
  await world.clock.advance(20 * ANSWER_MS_MAX);
  test.ok(world.relay.connections - connections < 19, 'it is asked ever less often');
});

t.test('CL-39 finding/C9 reconnect() waits for nothing: a dead link is left at once', async (test) => {
  const world = await World.create(test);
  const [ann, bob] = await world.pair();
  for (const link of world.network.links) link.drop('listener');
  const pulled = ann.session.pull();
  pulled.catch(() => {});
  await ann.session.push('in between').then(({ acknowledged }) => void acknowledged.catch(() => {}));
  await settle();
  const { connections } = world.relay;
  await ann.session.reconnect();
  test.equal(world.relay.connections, connections + 1);
  await test.rejects(pulled, 'what was under way is over');
  await settle();
  test.equal(ann.session.status.unsynced, 0);
  const read = bob.session.reconnect().then(() => bob.session.pull());
  test.same(texts(await read), ['in between']);
});

t.test('CL-39 ER-05 reconnect() ends every wait', async (test) => {
  const world = await World.create(test);
  const [ann] = await world.pair();
  world.relay.behaviour.request = (body) =>
    body.$case === 'push' ? { error: 'RATE_LIMITED', retryAfterMs: RETRY_AFTER_MS_MAX } : undefined;
  const { acknowledged } = await ann.session.push('patient');
  await settle();
  world.relay.behaviour = {};
  await ann.session.reconnect();
  await acknowledged;
  world.relay.behaviour.hello = () => ({ error: 'RELAY_OVERLOADED', retryAfterMs: RETRY_AFTER_MS_MAX });
  await test.rejects(ann.session.reconnect(), syncError({ code: 3000 }));
  world.relay.behaviour = {};
  await ann.session.reconnect();
  await test.rejects((await world.open()).session.reconnect(), syncError({ kind: 'not-paired' }));
});

t.test('CL-38 CL-66 the record is brought again in a session of its own', async (test) => {
  const world = await World.create(test);
  const [ann] = await world.pair();
  world.relay.group.records.clear();
  const { connections } = world.relay;
  for (const link of world.network.links) link.cut();
  await settle();
  test.same(await ann.session.pull(), [], 'a call is answered by the second Hello');
  test.ok(world.relay.connections >= connections + 2);
});

t.test('CL-68 finding/C7 a store that fails for a while ends no sync', async (test) => {
  const world = await World.create(test);
  const [, bob] = await world.pair();
  const inner = new MemoryStore();
  let isFull = false;
  const store: Store = new Proxy(inner, {
    get: (target, name) => {
      if (name === 'commit' && isFull) return () => Promise.reject(new Error('disk full'));
      const member: unknown = Reflect.get(target, name);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
  const ann = await world.open({ store });
  await ann.session.pairJoin(await bob.session.pair());
  const messages = ann.session.messages();
  const first = messages.next();
  await settle();
  isFull = true;
  await (await bob.session.push('kept')).acknowledged;
  await world.clock.advance(20_000);
  test.match(ann.session.status.relays, [{ state: 'waiting', error: { message: /disk full/ } }]);
  isFull = false;
  await world.clock.advance(RECONNECT_MS_MAX);
  test.equal((await first).value?.content, 'kept');
  await messages.return();
});

t.test('CL-69 SE-13 access_token goes to a relay with a fixed pin alone', async (test) => {
  const world = await World.create(test);
  const tokens: string[] = [];
  world.relay.behaviour.authorize = (verdict, { accessToken }) => {
    tokens.push(accessToken);
    return accessToken === 'secret' ? verdict : { error: 'UNAUTHORIZED' };
  };
  const seen = await world.open({ accessToken: 'secret' });
  const refusal = syncError({ code: 1002, message: /token was not sent/, hint: /<nodeid>@/ });
  await test.rejects(seen.session.pair(), refusal);
  test.same(tokens, ['']);
  const [{ nodeId } = { nodeId: '' }] = seen.session.trustedRelays;
  const fixed = await world.open({ accessToken: 'secret' }, [`${nodeId}@relay:4433`]);
  test.match(await fixed.session.pair(), /^0ksync:/);
});

t.test('OV-07 a wall clock that steps keeps no dead link alive and ends no live one', async (test) => {
  const world = await World.create(test);
  const [ann] = await world.pair();
  const { connections } = world.relay;
  world.clock.stepWall(365 * 86_400_000);
  await ann.session.pull();
  await world.clock.advance(60_000);
  test.equal(world.relay.connections, connections);
  for (const link of world.network.links) link.drop('listener');
  const { acknowledged } = await ann.session.push('x');
  world.clock.stepWall(-2 * 365 * 86_400_000);
  await world.clock.advance(QUIET_MS_MAX + PROBE_MS_MAX);
  await acknowledged;
});

t.test('OV-07 EN-24 a clock that was set back hides no message for longer than its gap waits', async (test) => {
  const world = await World.create(test);
  const [ann, bob] = await world.pair();
  await world.shut(ann);
  const author = await world.authorOf(bob);
  const reader = await world.open({ store: ann.store });
  author.next('never sent');
  world.relay.group.append(author.next('behind the gap'));
  const pulled = reader.session.pull();
  await settle();
  world.clock.stepWall(-30 * 86_400_000);
  await world.clock.advance(GAP_WAIT_MS);
  test.same(texts(await pulled), ['behind the gap']);
  author.next('never sent either');
  world.relay.group.append(author.next('behind another'));
  reader.session.pull().catch(() => {});
  await settle();
  await world.shut(reader);
  world.clock.stepWall(-30 * 86_400_000);
  const again = await world.open({ store: ann.store });
  const read = again.session.pull();
  await world.clock.advance(GAP_WAIT_MS);
  test.same(texts(await read), ['behind the gap', 'behind another']);
});
