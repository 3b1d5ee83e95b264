import { stubOf } from '@0k-sync/core/envelope';
import type { Refusal } from '@0k-sync/core/wire';
import { RECONNECT_MS_MIN } from '@0k-sync/generated/limits';
import { type PushAck, type PushItem, PushStatus } from '@0k-sync/generated/wire/frame';
import { crypto } from '@0k-sync/testkit/crypto';
import { replaceAnswers } from '@0k-sync/testkit/relay';
import { settle } from '@0k-sync/testkit/time';
import t from 'tap';
import { syncError } from './support/expect.ts';
import { refuseItems } from './support/refusals.ts';
import { texts, World } from './support/world.ts';

const pushes = (world: World): PushItem[][] =>
  world.relay.requests.flatMap((body) => (body.$case === 'push' ? [body.value.items] : []));

t.test('CL-24 lesson/typed-refusal a later refusal holds the queue until retry_after_ms', async (test) => {
  const world = await World.create(test);
  const [ann, bob] = await world.pair();
  world.relay.behaviour.request = refuseItems('GROUP_QUOTA_EXCEEDED', { retryAfterMs: 7000n });
  const connections = world.relay.connections;
  const receipt = await ann.session.push('patient');
  await settle();
  test.match(ann.named('refused'), [{ id: receipt.id, code: 2002, willRetry: true, relay: 'relay:4433' }]);
  test.equal(pushes(world).length, 3);
  await world.clock.advance(6999);
  test.equal(pushes(world).length, 3, 'not before');
  test.match(ann.session.status, { connected: true, unsynced: 1 }, 'a refusal is no outage');
  world.relay.behaviour = {};
  await world.clock.advance(1 + RECONNECT_MS_MIN);
  test.match(await receipt.acknowledged, { cursor: 3 });
  test.equal(world.relay.connections, connections, 'no new connection');
  test.same(texts(await bob.session.pull()), ['patient']);
});

t.test('CL-24 a refused request is retried later too', async (test) => {
  const world = await World.create(test);
  const [ann] = await world.pair();
  const refusal: Refusal = { error: 'STORAGE_UNAVAILABLE' };
  world.relay.behaviour.request = (body) => (body.$case === 'push' ? refusal : undefined);
  const receipt = await ann.session.push('patient');
  await settle();
  test.match(ann.named('refused'), [{ code: 3002, willRetry: true }]);
  world.relay.behaviour = {};
  await world.clock.advance(30_000);
  await receipt.acknowledged;
});

t.test('CL-24 a final refusal is reported and waits for the app: retry', async (test) => {
  const world = await World.create(test);
  const [ann, bob] = await world.pair();
  world.relay.behaviour.request = refuseItems('ENVELOPE_TOO_LARGE');
  const receipt = await ann.session.push('big');
  await test.rejects(receipt.acknowledged, syncError({ kind: 'refused', code: 1035, relay: 'relay:4433' }));
  const next = await ann.session.push('behind');
  await world.clock.advance(120_000);
  const before = pushes(world).length;
  test.match(await ann.session.queue.list(), [
    { id: receipt.id, state: 'refused', refusal: { code: 1035 } },
    { id: next.id, state: 'queued' },
  ]);
  await test.rejects(ann.session.queue.retry(next.id), syncError({ kind: 'argument' }));
  world.relay.behaviour = {};
  const again = await world.reopen(ann);
  await world.clock.advance(1000);
  test.equal(pushes(world).length, before, 'nothing is sent before the app decides, also after a restart');
  await again.session.queue.retry(receipt.id);
  await settle();
  test.same(texts(await bob.session.pull()), ['big', 'behind']);
});

t.test(
  'CL-25 EN-29 after a sealed entry was dropped the next one carries skip, and its plaintext says so',
  async (test) => {
    const world = await World.create(test);
    const [ann, bob] = await world.pair();
    world.relay.behaviour.request = refuseItems('ENVELOPE_TOO_LARGE');
    const dropped = await ann.session.push('dropped');
    await dropped.acknowledged.catch(() => {});
    await ann.session.push('kept');
    world.relay.behaviour = {};
    await ann.session.queue.drop(dropped.id);
    await settle();
    test.equal(ann.session.status.unsynced, 0);
    test.match(
      pushes(world)
        .at(-1)
        ?.map(({ skip }) => skip),
      [true],
    );
    test.same(texts(await bob.session.pull()), ['kept']);
    test.same(bob.named('gap'), [], 'the plaintext names what was skipped');
    await (await ann.session.push('next')).acknowledged;
    test.match(
      pushes(world)
        .at(-1)
        ?.map(({ skip }) => skip),
      [false],
    );
    test.same(texts(await ann.session.pull()), ['kept', 'next'], 'what was dropped is in no log');
  },
);

t.test('CL-41 CL-54 what was never sent can be dropped, what may have been sent cannot', async (test) => {
  const world = await World.create(test);
  const [ann] = await world.pair();
  world.relay.behaviour.request = (body) => (body.$case === 'push' ? 'silence' : undefined);
  const sent = await ann.session.push('sent');
  await settle();
  await ann.session.push('sent too');
  await settle();
  const queued = await ann.session.push('queued');
  await test.rejects(ann.session.queue.drop(sent.id), syncError({ kind: 'argument', message: /may have been sent/ }));
  await ann.session.queue.drop(queued.id);
  await test.rejects(ann.session.queue.drop(queued.id), syncError({ kind: 'argument' }));
  test.match(await ann.session.queue.list(), [{ id: sent.id }, { state: 'sealed' }]);
  test.equal(ann.session.status.unsynced, 2);
});

t.test('CL-21 a device that was restored from a copy fast-forwards before it pushes', async (test) => {
  const world = await World.create(test);
  const [ann, bob] = await world.pair();
  const copy = await world.copyStore(ann);
  for (const text of ['one', 'two']) await (await ann.session.push(text)).acknowledged;
  await world.shut(ann);
  const restored = await world.open({ store: copy });
  await (await restored.session.push('three')).acknowledged;
  test.same(restored.named('fork'), []);
  test.same(texts(await bob.session.pull()), ['one', 'two', 'three']);
  test.same(texts(await restored.session.pull()), ['one', 'two', 'three']);
});

t.test('CL-21 a relay that claims an own head nobody sealed gets no push', async (test) => {
  const world = await World.create(test);
  const [ann] = await world.pair();
  world.relay.behaviour.hello = (helloAck) => ({
    ...helloAck,
    ownHead: helloAck.ownHead && { ...helloAck.ownHead, bodyHash: world.random(32) },
  });
  const again = await world.reopen(ann);
  const receipt = await again.session.push('x');
  await settle();
  await test.rejects(receipt.acknowledged, syncError({ kind: 'protocol', code: 1032 }));
  test.equal(pushes(world).length, 2, 'the announcements');
  test.match(again.session.status, { connected: true, unsynced: 1, relays: [{ error: { code: 1032 } }] });
});

t.test('CL-26 lesson/fork two copies of one device: the fork is reported and pushing stops', async (test) => {
  const world = await World.create(test);
  const [ann, bob] = await world.pair();
  const copy = await world.copyStore(ann);
  await (await ann.session.push('from the device')).acknowledged;
  await world.shut(ann);
  const hidden = world.relay.group.envelopes.slice();
  world.relay.group.rollBackTo(2);
  const other = await world.open({ store: copy });
  world.relay.behaviour.request = (body) => {
    if (body.$case === 'push') world.relay.group.replaceWith(hidden);
    return undefined;
  };
  const receipt = await other.session.push('from the copy');
  await test.rejects(receipt.acknowledged, syncError({ code: 1037 }));
  await settle();
  test.match(other.named('fork'), [{ own: true, sequence: 2, sender: other.session.device }]);
  const before = pushes(world).length;
  await other.session.push('more');
  await settle();
  test.equal(pushes(world).length, before, 'nothing more is pushed');
  test.equal(bob.named('fork').length, 0);
});

t.test('CL-26 a conflict that this device never signed is a refusal, no fork', async (test) => {
  const world = await World.create(test);
  const [ann, bob] = await world.pair();
  await bob.session.pull();
  const author = await world.authorOf(bob);
  world.relay.behaviour.request = refuseItems('SEQUENCE_CONFLICT', {
    conflict: stubOf(crypto, author.next('not by Ann')),
  });
  const receipt = await ann.session.push('x');
  await test.rejects(receipt.acknowledged, syncError({ code: 1037 }));
  test.same(ann.named('fork'), []);
  test.match(await ann.session.queue.list(), [{ state: 'refused' }]);
});

const accepted = { status: PushStatus.PUSH_STATUS_ACCEPTED, cursor: 9n, error: undefined };
const wrongAcks: Readonly<Record<string, PushAck>> = {
  'no result': { results: [], durable: true },
  'more results than items': { results: [accepted, accepted], durable: true },
  'not durable': { results: [accepted], durable: false },
  'no status': { results: [{ ...accepted, status: PushStatus.PUSH_STATUS_UNSPECIFIED }], durable: true },
  'a status without a name': { results: [{ ...accepted, status: 9 as PushStatus }], durable: true },
  'accepted without a cursor': { results: [{ ...accepted, cursor: 0n }], durable: true },
  'refused without an error': { results: [{ ...accepted, status: PushStatus.PUSH_STATUS_REFUSED }], durable: true },
};
for (const [what, value] of Object.entries(wrongAcks)) {
  t.test(`CL-27 a PushAck with ${what} acknowledges nothing and ends the session`, async (test) => {
    const world = await World.create(test);
    const [ann] = await world.pair();
    world.relay.behaviour.answer = replaceAnswers('pushAck', () => ({ $case: 'pushAck', value }));
    const receipt = await ann.session.push('x');
    await test.rejects(receipt.acknowledged, syncError({ kind: 'protocol', code: 1000 }));
    test.match(ann.session.status.relays, [{ state: 'waiting' }], 'CL-37');
    test.equal(ann.session.status.unsynced, 1);
  });
}
