import { RECONNECT_MS_MIN } from '@0k-sync/generated/limits';
import { refused } from '@0k-sync/testkit/relay';
import { settle } from '@0k-sync/testkit/time';
import t from 'tap';
import { syncError } from './support/expect.ts';
import { refuseItems } from './support/refusals.ts';
import { texts, World } from './support/world.ts';

t.test(
  'CL-60 CL-61 CL-70 finding/C4 what a quota holds up is named, also after a restart, and can be dropped',
  async (test) => {
    const world = await World.create(test);
    const [ann, bob] = await world.pair();
    world.relay.behaviour.request = refuseItems('GROUP_QUOTA_EXCEEDED', { retryAfterMs: 60_000n });
    const big = await ann.session.push('too much', { metadata: 'kept' });
    big.acknowledged.catch(() => {});
    await settle();
    const refused = [{ id: big.id, code: 2002, errorName: 'GROUP_QUOTA_EXCEEDED', hint: /drop/ }];
    test.match(ann.session.status, { connected: true, unsynced: 1, refused });
    const again = await world.reopen(ann);
    test.match(again.session.status.refused, refused);
    test.match(await again.session.queue.list(), [{ id: big.id, state: 'deferred', refusal: { code: 2002 } }]);
    await settle();
    const next = await again.session.push('behind it');
    world.relay.behaviour = {};
    const dropped = await again.session.queue.drop(big.id);
    test.same(dropped, { content: 'too much', metadata: 'kept' }, 'CL-70');
    await settle();
    await next.acknowledged;
    test.match(again.session.status, { unsynced: 0, refused: [] });
    test.same(texts(await bob.session.pull()), ['behind it']);
    await (await again.session.push(dropped?.content ?? '', { id: big.id })).acknowledged;
    test.same(texts(await bob.session.pull()), ['behind it', 'too much'], 'CL-70 it can be pushed again, under its id');
  },
);

t.test('CL-61 what was sent again since it was refused cannot be dropped before the answer', async (test) => {
  const world = await World.create(test);
  const [ann] = await world.pair();
  world.relay.behaviour.request = refuseItems('GROUP_QUOTA_EXCEEDED');
  const { id, acknowledged } = await ann.session.push('once');
  await settle();
  world.relay.behaviour.request = (body) => (body.$case === 'push' ? 'silence' : undefined);
  await world.clock.advance(RECONNECT_MS_MIN);
  await test.rejects(ann.session.queue.drop(id), syncError({ kind: 'argument' }));
  const again = await world.reopen(ann);
  await test.rejects(again.session.queue.drop(id), syncError({ kind: 'argument' }));
  acknowledged.catch(() => {});
});

t.test(
  'CL-60 finding/C3 a final refusal is in the status, also after a restart, until the app decides',
  async (test) => {
    const world = await World.create(test);
    const [ann, bob] = await world.pair();
    world.relay.behaviour.request = refuseItems('ENVELOPE_TOO_LARGE');
    const { id, acknowledged } = await ann.session.push('big');
    await test.rejects(acknowledged, syncError({ code: 1035 }));
    world.relay.behaviour = {};
    const again = await world.reopen(ann);
    const behind = await again.session.push('behind');
    test.match(again.session.status.refused, [{ id, code: 1035 }]);
    await again.session.queue.drop(id);
    await behind.acknowledged;
    test.match(again.session.status, { unsynced: 0, refused: [] });
    test.same(texts(await bob.session.pull()), ['behind']);
  },
);

t.test('CL-62 finding/C3 what a relay acknowledged once holds nothing when it is refused later', async (test) => {
  const world = await World.create(test);
  const [ann, bob] = await world.pair();
  for (const text of ['one', 'two']) await (await ann.session.push(text)).acknowledged;
  await world.shut(ann);
  world.relay.group.rollBackTo(2);
  let refusals = 0;
  world.relay.behaviour.push = (carryOut, { envelope }) => {
    const isOld = refusals < 2 && envelope !== undefined;
    if (!isOld) return carryOut();
    refusals += 1;
    return refused({ error: 'ENVELOPE_TOO_LARGE' });
  };
  const again = await world.open({ store: ann.store });
  await (await again.session.push('new')).acknowledged;
  test.equal(refusals, 2);
  test.match(again.session.status, { unsynced: 0, refused: [] });
  test.match(again.named('refused'), [{ willRetry: false }, { willRetry: false }]);
  const pulled = bob.session.pull();
  await world.clock.advance(6000);
  test.same(texts(await pulled), ['new']);
  const own = again.session.pull();
  await world.clock.advance(6000);
  test.ok(texts(await own).includes('new'));
});
