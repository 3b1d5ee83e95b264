import { PUSHES_IN_FLIGHT_MAX } from '@0k-sync/generated/limits';
import type { HelloAck, PushItem } from '@0k-sync/generated/wire/frame';
import { refused } from '@0k-sync/testkit/relay';
import { settle } from '@0k-sync/testkit/time';
import t from 'tap';
import { texts, World } from './support/world.ts';

const pushes = (world: World): PushItem[][] =>
  world.relay.requests.flatMap((body) => (body.$case === 'push' ? [body.value.items] : []));

/** A relay that takes one item in a Push. */
const oneItem = (ack: HelloAck): HelloAck => ({
  ...ack,
  limits: ack.limits && { ...ack.limits, pushItemsMax: 1 },
});

/** Ann with messages that wait, and Bob; each message is a Push of its own. */
async function waiting(test: Parameters<typeof World.create>[0], contents: readonly string[]) {
  const world = await World.create(test);
  const [ann, bob] = await world.pair();
  world.relay.behaviour.hello = oneItem;
  await world.relay.stop();
  await settle();
  const receipts = await ann.session.pushAll(contents.map((content) => ({ content })));
  return { world, ann, bob, receipts };
}

t.test('CL-71 LI-48 two Pushes are unanswered at most, and what is behind them is not sealed', async (test) => {
  const { world, ann } = await waiting(test, ['one']);
  world.relay.behaviour.request = (body) => (body.$case === 'push' ? 'silence' : undefined);
  const before = pushes(world).length;
  await world.listen();
  await world.clock.advance(3000);
  test.equal(pushes(world).length, before + 1);
  for (const content of ['two', 'three', 'four']) await ann.session.push(content);
  await settle();
  test.equal(pushes(world).length, before + PUSHES_IN_FLIGHT_MAX);
  test.match(await ann.session.queue.list(), [
    { state: 'sealed' },
    { state: 'sealed' },
    { state: 'queued' },
    { state: 'queued' },
  ]);
});

t.test('CL-71 RL-24 the first envelope of a device at a relay is sent alone', async (test) => {
  const world = await World.create(test);
  const [ann] = await world.pair();
  await world.shut(ann);
  world.relay.group.rollBackTo(0);
  world.relay.behaviour.request = (body) => (body.$case === 'push' ? 'silence' : undefined);
  const before = pushes(world).length;
  world.relay.behaviour.hello = (ack) => ({ ...oneItem(ack), ownHead: undefined, head: 0n });
  const again = await world.open({ store: ann.store });
  await again.session.push('one');
  await settle();
  test.equal(pushes(world).length, before + 1);
});

t.test(
  'CL-72 what is sent behind a Push that is refused for now is not refused, and goes again in order',
  async (test) => {
    const { world, ann, bob, receipts } = await waiting(test, ['one', 'two', 'three']);
    let count = 0;
    world.relay.behaviour.push = (carryOut) => {
      count += 1;
      return count === 1 ? refused({ error: 'RATE_LIMITED', retryAfterMs: 2000 }) : carryOut();
    };
    await world.listen();
    await world.clock.advance(30_000);
    await Promise.all(receipts.map(({ acknowledged }) => acknowledged));
    test.equal(count, 5, 'the second went with the first, and again');
    test.match(ann.named('refused'), [{ id: receipts[0]?.id, code: 2000, willRetry: true }]);
    test.equal(ann.named('refused').length, 1);
    test.same(texts(await bob.session.pull()), ['one', 'two', 'three']);
    test.same(bob.named('gap'), []);
  },
);

t.test('CL-72 CL-24 what is sent behind a Push that is refused for good waits for the app', async (test) => {
  const { world, ann, bob, receipts } = await waiting(test, ['one', 'two', 'three']);
  let count = 0;
  world.relay.behaviour.push = (carryOut) => {
    count += 1;
    return count === 1 ? refused({ error: 'ENVELOPE_TOO_LARGE' }) : carryOut();
  };
  await world.listen();
  await world.clock.advance(30_000);
  test.match(ann.named('refused'), [{ id: receipts[0]?.id, code: 1035, willRetry: false }]);
  test.equal(ann.named('refused').length, 1);
  test.match(await ann.session.queue.list(), [{ state: 'refused' }, { state: 'sealed' }, { state: 'queued' }]);
  await ann.session.queue.drop(receipts[0]?.id ?? '');
  await settle();
  test.equal(ann.session.status.unsynced, 0);
  test.same(texts(await bob.session.pull()), ['two', 'three']);
});

t.test('CL-72 CL-23 a Push that is acknowledged in part is completed before what follows', async (test) => {
  const { world, ann, bob, receipts } = await waiting(test, ['one', 'two', 'three', 'four']);
  world.relay.behaviour.hello = (ack) => ({ ...ack, limits: ack.limits && { ...ack.limits, pushItemsMax: 2 } });
  let isFirst = true;
  world.relay.behaviour.answer = (reply, { $case }) => {
    if (!isFirst || $case !== 'push' || typeof reply === 'string' || !('$case' in reply)) return reply;
    isFirst = false;
    if (reply.$case !== 'pushAck') return reply;
    return { $case: 'pushAck', value: { ...reply.value, results: reply.value.results.slice(0, 1) } };
  };
  await world.listen();
  await world.clock.advance(30_000);
  await Promise.all(receipts.map(({ acknowledged }) => acknowledged));
  test.same(ann.named('refused'), []);
  test.same(texts(await bob.session.pull()), ['one', 'two', 'three', 'four']);
});

t.test('CL-71 SE-22 a session that ends with two Pushes unanswered loses and doubles nothing', async (test) => {
  const { world, bob, receipts } = await waiting(test, ['one', 'two', 'three']);
  let lost = 0;
  world.relay.behaviour.answer = (reply, { $case }, { connection }) => {
    if ($case !== 'push' || lost === 2) return reply;
    lost += 1;
    if (lost === 2) void connection.close(0);
    return 'silence';
  };
  await world.listen();
  await world.clock.advance(60_000);
  await Promise.all(receipts.map(({ acknowledged }) => acknowledged));
  test.equal(lost, 2);
  test.same(texts(await bob.session.pull()), ['one', 'two', 'three']);
});
