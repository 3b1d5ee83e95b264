import { ANSWER_MS_MAX, RECONNECT_MS_MAX } from '@0k-sync/generated/limits';
import { settle } from '@0k-sync/testkit/time';
import t from 'tap';
import { syncError } from './support/expect.ts';
import { texts, World } from './support/world.ts';

const patient = () => ({ signal: new AbortController().signal });

t.test('client.md/4 a pull with a signal waits for a relay that is away', async (test) => {
  const world = await World.create(test);
  const [ann, bob] = await world.pair();
  await (await ann.session.push('one')).acknowledged;
  await world.relay.stop();
  await settle();
  await test.rejects(bob.session.pull(), syncError({ kind: 'unreachable' }), 'without a signal it says so at once');
  const pulled = bob.session.pull(0, patient());
  await world.clock.advance(600_000);
  await world.listen();
  await world.clock.advance(RECONNECT_MS_MAX);
  test.same(texts(await pulled), ['one']);
});

t.test(
  'client.md/4 SE-26 a pull with a signal is made again when its session ends, or goes unanswered',
  async (test) => {
    const world = await World.create(test);
    const [ann, bob] = await world.pair();
    await (await ann.session.push('one')).acknowledged;
    let asked = 0;
    world.relay.behaviour.request = (body) => {
      if (body.$case !== 'pull') return undefined;
      asked += 1;
      if (asked === 1) for (const link of world.network.links) link.cut();
      return asked <= 2 ? 'silence' : undefined;
    };
    const pulled = bob.session.pull(0, patient());
    await world.clock.advance(ANSWER_MS_MAX + 2 * RECONNECT_MS_MAX);
    test.same(texts(await pulled), ['one']);
    test.equal(asked, 3);
  },
);

t.test('client.md/4 ER-05 a pull with a signal waits as long as the relay asks, and is made again', async (test) => {
  const world = await World.create(test);
  const [ann, bob] = await world.pair();
  await (await ann.session.push('one')).acknowledged;
  let refusals = 3;
  world.relay.behaviour.request = (body) => {
    if (body.$case !== 'pull' || refusals === 0) return undefined;
    refusals -= 1;
    return { error: 'RATE_LIMITED', retryAfterMs: 1000 };
  };
  const pulled = bob.session.pull(0, patient());
  await world.clock.advance(3000 + 3 * RECONNECT_MS_MAX);
  test.same(texts(await pulled), ['one']);
});

t.test('client.md/4 a pull with a signal ends with it, and with a refusal that stays', async (test) => {
  const world = await World.create(test);
  const [, bob] = await world.pair();
  await world.relay.stop();
  const controller = new AbortController();
  const pulled = test.rejects(bob.session.pull(0, { signal: controller.signal }), { message: 'enough' });
  await world.clock.advance(60_000);
  controller.abort(new Error('enough'));
  await pulled;
  world.relay.behaviour.authorize = () => ({ error: 'DEVICE_REVOKED' });
  await world.listen();
  const refused = test.rejects(bob.session.pull(0, patient()), syncError({ kind: 'refused', code: 1003 }));
  await world.clock.advance(RECONNECT_MS_MAX);
  await refused;
});

t.test('CL-66 a call that tries again is answered by no refusal of before', async (test) => {
  const world = await World.create(test);
  const [ann] = await world.pair();
  world.relay.behaviour.authorize = () => ({ error: 'DEVICE_REVOKED' });
  for (const link of world.network.links) link.cut();
  await world.clock.advance(10_000);
  test.match(ann.session.status.relays, [{ state: 'stopped', error: { code: 1003 } }]);
  await test.rejects(ann.session.pull(0, patient()), syncError({ kind: 'refused', code: 1003 }));
  world.relay.behaviour = {};
  test.same(texts(await ann.session.pull(0, patient())), [], 'the refusal was taken back');
});
