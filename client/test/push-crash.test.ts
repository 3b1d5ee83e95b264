import type { PushItem } from '@0k-sync/generated/wire/frame';
import { settle } from '@0k-sync/testkit/time';
import t from 'tap';
import type { Change } from '../src/index.ts';
import { texts, World } from './support/world.ts';

const pushes = (world: World): PushItem[][] =>
  world.relay.requests.flatMap((body) => (body.$case === 'push' ? [body.value.items] : []));
const dequeues = (changes: readonly Change[]) => changes.some(({ kind }) => kind === 'dequeue');

t.test('CL-43 CL-23 a crash between the acknowledgement and its transaction pushes again, once', async (test) => {
  const world = await World.create(test);
  const [ann, bob] = await world.pair();
  const commit = ann.store.commit.bind(ann.store);
  const held = Promise.withResolvers<void>();
  ann.store.commit = (changes) => (dequeues(changes) ? held.promise.then(() => commit(changes)) : commit(changes));
  const receipt = await ann.session.push('one');
  await receipt.acknowledged;
  test.equal(receipt.stored, true);
  test.equal(ann.session.status.unsynced, 0);
  test.same(await ann.session.queue.list(), [], 'what a relay has is not shown as waiting');
  await ann.session.flush();
  test.equal((await ann.session.push('one', { id: receipt.id })).stored, true);
  const before = pushes(world).length;
  const store = await world.copyStore(ann);
  const left = await ann.store.outbox(0, 10);
  await store.commit(left.map(({ number: _, position: __, ...entry }) => ({ kind: 'enqueue', entry })));
  const crashed = await world.open({ store });
  await crashed.session.flush();
  test.equal(pushes(world).length, before + 1);
  test.equal(crashed.session.status.unsynced, 0);
  test.same(texts(await bob.session.pull()), ['one']);
  held.resolve();
});

t.test('CL-43 CL-68 an acknowledgement that cannot be stored is pushed again by the next session', async (test) => {
  const world = await World.create(test);
  const [ann, bob] = await world.pair();
  const commit = ann.store.commit.bind(ann.store);
  let failures = 1;
  ann.store.commit = (changes) => {
    if (!dequeues(changes) || failures === 0) return commit(changes);
    failures -= 1;
    return Promise.reject(new Error('the disk is full'));
  };
  const receipt = await ann.session.push('one');
  await receipt.acknowledged;
  await settle();
  test.equal(ann.session.status.unsynced, 1, 'the store has it still');
  await world.clock.advance(60_000);
  test.equal(ann.session.status.unsynced, 0);
  test.same(await ann.session.queue.list(), []);
  test.same(texts(await bob.session.pull()), ['one']);
});
