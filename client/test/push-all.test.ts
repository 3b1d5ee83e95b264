import { OUTBOX_ITEMS_MAX, TOPIC_BYTES_MAX } from '@0k-sync/generated/limits';
import { settle } from '@0k-sync/testkit/time';
import t from 'tap';
import { syncError } from './support/expect.ts';
import { refuseItems } from './support/refusals.ts';
import { texts, World } from './support/world.ts';

const ID = '00112233445566778899aabbccddeeff';

t.test('CL-20 pushAll: all messages are queued in one transaction, and are sent in order', async (test) => {
  const world = await World.create(test);
  const [ann, bob] = await world.pair();
  await world.relay.stop();
  await settle();
  let commits = 0;
  const commit = ann.store.commit.bind(ann.store);
  ann.store.commit = (changes) => {
    commits += 1;
    return commit(changes);
  };
  const receipts = await ann.session.pushAll([{ content: 'one' }, { content: 'two', id: ID }, { content: 'three' }]);
  test.equal(commits, 1);
  test.equal(receipts[1]?.id, ID);
  test.same(
    receipts.map(({ stored }) => stored),
    [false, false, false],
  );
  await world.listen();
  await world.clock.advance(60_000);
  await Promise.all(receipts.map(({ acknowledged }) => acknowledged));
  test.same(
    receipts.map(({ stored }) => stored),
    [true, true, true],
  );
  test.same(texts(await bob.session.pull()), ['one', 'two', 'three']);
  test.same(await ann.session.pushAll([]), []);
});

t.test('CL-20 pushAll: one message that cannot be queued queues none', async (test) => {
  const world = await World.create(test);
  const [ann] = await world.pair();
  await world.relay.stop();
  await settle();
  const items = [{ content: 'fine' }, { content: 'half: \ud800' }];
  await test.rejects(ann.session.pushAll(items), syncError({ kind: 'argument', hint: /bytes/ }));
  const many = Array.from({ length: OUTBOX_ITEMS_MAX + 1 }, () => ({ content: '' }));
  await test.rejects(ann.session.pushAll(many), syncError({ kind: 'store', message: /full/ }));
  const commit = ann.store.commit.bind(ann.store);
  ann.store.commit = () => Promise.reject(new Error('the disk is full'));
  await test.rejects(ann.session.pushAll([{ content: 'a' }, { content: 'b' }]), /disk is full/);
  ann.store.commit = commit;
  test.equal(ann.session.status.unsynced, 0);
  test.same(await ann.session.queue.list(), []);
});

t.test('EN-16 a used id with equal content is the earlier push, with other content it is an error', async (test) => {
  const world = await World.create(test);
  const [ann, bob] = await world.pair();
  const used = syncError({ kind: 'argument', message: new RegExp(`${ID}.*other content`) });
  const [first, same, other, metadata] = await Promise.allSettled([
    ann.session.push('one', { id: ID }),
    ann.session.push('one', { id: ID }),
    ann.session.push('two', { id: ID }),
    ann.session.push('one', { id: ID, metadata: 'other' }),
  ]);
  test.match(
    [first?.status, same?.status, other, metadata],
    ['fulfilled', 'fulfilled', { reason: { kind: 'argument' } }, { reason: { kind: 'argument' } }],
  );
  await settle();
  await test.rejects(ann.session.push('two', { id: ID }), used, 'a relay has stored it');
  await world.clock.advance(1000);
  const again = await ann.session.push('one', { id: ID });
  test.equal(again.stored, true);
  await again.acknowledged;
  await world.relay.stop();
  await settle();
  const twins = await ann.session.pushAll([
    { content: 'x', id: ID.replace('00', '01') },
    { content: 'x', id: ID.replace('00', '01') },
  ]);
  test.equal(twins[0], twins[1]);
  await test.rejects(ann.session.push('y', { id: ID.replace('00', '01') }), syncError({ kind: 'argument' }), 'queued');
  await world.listen();
  await world.clock.advance(60_000);
  test.same(texts(await bob.session.pull()), ['one', 'x']);
});

t.test('EN-15 EN-36 what is no text is an error and changes nothing', async (test) => {
  const world = await World.create(test);
  const [ann] = await world.pair();
  const wrong = [
    [3, {}, { name: 'TypeError' }],
    [undefined, {}, { name: 'TypeError' }],
    ['\udfff', {}, { kind: 'argument', message: /content is no well-formed text/ }],
    ['x', { metadata: { a: 1 } }, { kind: 'argument', message: /metadata is no text/, hint: /JSON/ }],
    ['x', { metadata: 'a\ud800' }, { kind: 'argument' }],
    ['x', { topic: '\ud800' }, { kind: 'argument' }],
    ['x', { topic: 'ä'.repeat(TOPIC_BYTES_MAX / 2 + 1) }, { kind: 'argument', code: 1035, hint: /topic/ }],
    ['x', { id: 7 }, { kind: 'argument', message: /"7" is not a message id/ }],
  ] as const;
  for (const [content, options, error] of wrong) {
    await test.rejects(ann.session.push(content as never, options as never), error as never);
  }
  test.equal(ann.session.status.unsynced, 0);
  await (await ann.session.push('x', { topic: 'ä'.repeat(TOPIC_BYTES_MAX / 2) })).acknowledged;
});

t.test('CL-20 a push whose signal aborts before it is queued is not queued; one that is queued stays', async (test) => {
  const world = await World.create(test);
  const [ann] = await world.pair();
  await world.relay.stop();
  await settle();
  const reason = new Error('changed my mind');
  await test.rejects(ann.session.push('early', { signal: AbortSignal.abort(reason) }), reason);
  const abort = new AbortController();
  const together = [ann.session.push('kept'), ann.session.push('given up', { signal: abort.signal })];
  abort.abort(reason);
  test.match(await Promise.allSettled(together), [{ status: 'fulfilled' }, { reason }]);
  const late = new AbortController();
  await ann.session.push('queued', { signal: late.signal });
  late.abort(reason);
  test.equal((await ann.session.queue.list()).length, 2);
  test.equal(ann.session.status.unsynced, 2);
});

t.test('CL-43 flush resolves when a relay has stored what was pushed before, also before a restart', async (test) => {
  const world = await World.create(test);
  const [ann, bob] = await world.pair();
  await ann.session.flush();
  await world.relay.stop();
  await settle();
  await ann.session.push('one');
  const again = await world.reopen(ann);
  await again.session.push('two');
  const flushed = again.session.flush();
  const reason = new Error('no time');
  const abort = new AbortController();
  const given = again.session.flush({ signal: abort.signal });
  abort.abort(reason);
  await test.rejects(given, reason);
  await world.listen();
  await world.clock.advance(60_000);
  await flushed;
  test.same(texts(await bob.session.pull()), ['one', 'two']);
});

t.test('CL-24 flush rejects when a message was or is refused for good', async (test) => {
  const world = await World.create(test);
  const [ann] = await world.pair();
  world.relay.behaviour.request = refuseItems('ENVELOPE_TOO_LARGE');
  await ann.session.push('too large');
  await test.rejects(ann.session.flush(), syncError({ kind: 'refused', code: 1035 }));
  await test.rejects(ann.session.flush(), syncError({ kind: 'refused', code: 1035 }), 'it waits for the app');
});

t.test('CL-20 each message has a position from its push on, and keeps it', async (test) => {
  const world = await World.create(test);
  const [ann] = await world.pair();
  await world.relay.stop();
  await settle();
  const first = await ann.session.push('one', { id: ID });
  const [second, third] = await ann.session.pushAll([{ content: 'two' }, { content: 'three' }]);
  const positions = [first, second, third].map((receipt) => receipt?.position ?? 0);
  test.same(
    positions,
    positions.toSorted((a, b) => a - b),
  );
  test.equal(new Set(positions).size, 3);
  test.ok(first.position > 0);
  test.equal((await ann.session.push('one', { id: ID })).position, first.position, 'queued');
  await world.listen();
  await world.clock.advance(60_000);
  await ann.session.flush();
  test.equal((await ann.session.push('one', { id: ID })).position, first.position, 'stored');
});

t.test(
  'CL-20 collapseKey: a newer message takes the place of a queued one, and no place of a sealed one',
  async (test) => {
    const world = await World.create(test);
    const [ann, bob] = await world.pair();
    world.relay.behaviour.request = (body) => (body.$case === 'push' ? 'silence' : undefined);
    const sealed = await ann.session.push('sealed', { collapseKey: 'title' });
    await settle();
    await ann.session.push('between');
    await settle();
    const older = await ann.session.push('older', { collapseKey: 'title' });
    const other = await ann.session.push('other', { collapseKey: 'body' });
    const [newer] = await Promise.all(
      ['newer', 'newest'].map((content) => ann.session.push(content, { collapseKey: 'title' })),
    );
    test.equal(ann.session.status.unsynced, 4);
    test.match(await ann.session.queue.list(), [{ id: sealed.id }, {}, { id: other.id }, { state: 'queued' }]);
    world.relay.behaviour = {};
    const again = await world.reopen(ann);
    const last = await again.session.push('last', { collapseKey: 'title' });
    await world.clock.advance(60_000);
    await last.acknowledged;
    test.ok(last.position > older.position);
    test.same(texts(await bob.session.pull()), ['sealed', 'between', 'other', 'last']);
    await test.rejects(async () => void (await newer?.acknowledged), syncError({ kind: 'closed' }));
  },
);

t.test('CL-20 collapseKey: the receipt of a replaced message settles as that of the newer one', async (test) => {
  const world = await World.create(test);
  const [ann, bob] = await world.pair();
  await world.relay.stop();
  await settle();
  const older = await ann.session.push('older', { collapseKey: 'title' });
  const [newer, newest] = await ann.session.pushAll([
    { content: 'newer', collapseKey: 'title' },
    { content: 'newest', collapseKey: 'title' },
  ]);
  test.equal(ann.session.status.unsynced, 1);
  await world.listen();
  await world.clock.advance(60_000);
  const expected = await newest?.acknowledged;
  test.same(await older.acknowledged, expected);
  test.same(await newer?.acknowledged, expected);
  test.equal(older.stored, true);
  test.same(texts(await bob.session.pull()), ['newest']);
});
