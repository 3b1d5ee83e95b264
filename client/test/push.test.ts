import { envelopeHash } from '@0k-sync/core/envelope';
import { CONTENT_BYTES_MAX, OUTBOX_ITEMS_MAX } from '@0k-sync/generated/limits';
import type { Envelope } from '@0k-sync/generated/wire/envelope';
import type { PushItem } from '@0k-sync/generated/wire/frame';
import { replaceAnswers } from '@0k-sync/testkit/relay';
import { settle } from '@0k-sync/testkit/time';
import t from 'tap';
import { syncError } from './support/expect.ts';
import { texts, World } from './support/world.ts';

const pushes = (world: World): PushItem[][] =>
  world.relay.requests.flatMap((body) => (body.$case === 'push' ? [body.value.items] : []));

t.test('CL-20 a push before there is a group is a typed error', async (test) => {
  const world = await World.create(test);
  const { session } = await world.open();
  await test.rejects(session.push('x'), syncError({ kind: 'not-paired', hint: /pair/ }));
  await test.rejects(session.pull(), syncError({ kind: 'not-paired' }));
  test.throws(() => session.messages(), syncError({ kind: 'not-paired' }));
  test.match(session.status, { connected: false, relays: [], unsynced: 0 });
});

t.test('CL-20 lesson/outbox-durable a push while offline is delivered later, exactly once', async (test) => {
  const world = await World.create(test);
  const [ann, bob] = await world.pair();
  await world.relay.stop();
  await settle();
  const receipt = await ann.session.push('offline');
  test.match(ann.session.status, { connected: false, unsynced: 1 });
  test.match(await ann.session.queue.list(), [{ id: receipt.id, state: 'queued', kind: 'message' }]);
  const again = await world.reopen(ann);
  await test.rejects(receipt.acknowledged, syncError({ kind: 'closed', hint: /queued/ }));
  test.equal(again.session.status.unsynced, 1, 'right after the restart');
  await world.listen();
  await world.clock.advance(60_000);
  test.equal(again.session.status.unsynced, 0);
  test.same(await again.session.queue.list(), []);
  test.match(again.named('acknowledged'), [{ id: receipt.id, relay: 'relay:4433', durable: true, cursor: 3 }]);
  test.same(texts(await bob.session.pull()), ['offline']);
});

t.test('CL-20 LI-07 a store that fails and content that is too large are errors, never a silent drop', async (test) => {
  const world = await World.create(test);
  const [ann] = await world.pair();
  const commit = ann.store.commit.bind(ann.store);
  ann.store.commit = () => Promise.reject(new Error('the disk is full'));
  await test.rejects(ann.session.push('x'), /disk is full/);
  test.equal(ann.session.status.unsynced, 0);
  ann.store.commit = commit;
  const tooLarge = syncError({ kind: 'argument', code: 1035, hint: /at most/ });
  await test.rejects(ann.session.push('x'.repeat(CONTENT_BYTES_MAX + 1)), tooLarge);
  await (await ann.session.push('x'.repeat(CONTENT_BYTES_MAX))).acknowledged;
});

t.test('CL-20 LI-41 a full queue is an error, never a silent drop', async (test) => {
  const world = await World.create(test);
  const [ann] = await world.pair();
  await world.shut(ann);
  const waiting = Array.from({ length: OUTBOX_ITEMS_MAX - 1 }, () => {
    const entry = {
      id: world.random(16),
      contentType: 1 as const,
      plaintext: new Uint8Array(1),
      state: 'queued' as const,
    };
    return { kind: 'enqueue', entry } as const;
  });
  await ann.store.commit(waiting);
  const { session } = await world.open({ store: ann.store, offline: true });
  await session.push('the last one');
  await test.rejects(session.push('one too many'), syncError({ kind: 'store', message: /full/, hint: /./ }));
  test.equal(session.status.unsynced, OUTBOX_ITEMS_MAX);
});

t.test(
  'CL-23 lesson/idempotent-push a lost PushAck is answered with the same bytes; it is delivered once',
  async (test) => {
    const world = await World.create(test);
    const [ann, bob] = await world.pair();
    let lost = 0;
    world.relay.behaviour.answer = replaceAnswers('pushAck', (value) => {
      if (lost > 0) return { $case: 'pushAck', value };
      lost += 1;
      for (const link of world.network.links) link.cut();
      return 'silence';
    });
    const receipt = await ann.session.push('once');
    await world.clock.advance(60_000);
    test.match(await receipt.acknowledged, { cursor: 3 }, 'the old cursor');
    const [first, second] = pushes(world).slice(-2);
    test.same(first?.[0]?.envelope, second?.[0]?.envelope, 'CL-22 the same bytes');
    test.equal(world.relay.group.envelopes.length, 3);
    test.same(texts(await bob.session.pull()), ['once']);
  },
);

t.test('CL-22 sealed bytes are stored before they leave, and stay the same after a restart', async (test) => {
  const world = await World.create(test);
  const [ann] = await world.pair();
  let leaving: Envelope | undefined;
  world.relay.behaviour.request = (body) => {
    if (body.$case === 'push') leaving = body.value.items[0]?.envelope;
    return body.$case === 'push' ? 'silence' : undefined;
  };
  await ann.session.push('frozen');
  await settle();
  const stored = await ann.store.ownAbove((await ann.store.load()).chains[0]?.sender ?? new Uint8Array(), 0, 9);
  test.equal((await ann.session.queue.list())[0]?.state, 'sealed');
  test.equal(stored.length, 2);
  const hash = leaving && envelopeHash(world.crypto, leaving);
  await world.shut(ann);
  world.relay.behaviour = {};
  const again = await world.open({ store: ann.store });
  await settle();
  test.equal(again.session.status.unsynced, 0);
  const last = world.relay.group.envelopes.at(-1);
  test.same(last && envelopeHash(world.crypto, last), hash);
});

t.test('EN-16 a push with the id of an earlier one is that one', async (test) => {
  const world = await World.create(test);
  const [ann, bob] = await world.pair();
  const id = '0123456789abcdef0123456789abcdef';
  const first = await ann.session.push('once', { id });
  const second = await ann.session.push('once', { id: '01234567-89ab-cdef-0123-456789abcdef' });
  test.equal(second.id, first.id);
  await Promise.all([first.acknowledged, second.acknowledged]);
  await (await ann.session.push('once', { id })).acknowledged;
  test.same(texts(await bob.session.pull()), ['once']);
  await test.rejects(ann.session.push('x', { id: 'no' }), syncError({ kind: 'argument' }));
});

t.test('many pushes of one turn share transactions and frames, in order', async (test) => {
  const world = await World.create(test);
  const [ann, bob] = await world.pair();
  let commits = 0;
  const commit = ann.store.commit.bind(ann.store);
  ann.store.commit = (changes) => {
    commits += 1;
    return commit(changes);
  };
  const before = pushes(world).length;
  const receipts = await Promise.all(Array.from({ length: 300 }, (_, index) => ann.session.push(`${index}`)));
  await Promise.all(receipts.map((receipt) => receipt.acknowledged));
  test.ok(commits < 10, `${commits} commits`);
  test.ok(pushes(world).length - before <= 3);
  test.same(
    texts(await bob.session.pull()),
    Array.from({ length: 300 }, (_, index) => `${index}`),
  );
});
