import { PUSH_ITEMS_MAX, PUSHES_IN_FLIGHT_MAX } from '@0k-sync/generated/limits';
import { settle } from '@0k-sync/testkit/time';
import t from 'tap';
import type { Change } from '../src/index.ts';
import { type TestDevice, texts, World } from './support/world.ts';

/** Ann, whose signatures are counted, and Bob. */
async function counted(test: Parameters<typeof World.create>[0]) {
  const world = await World.create(test);
  let signatures = 0;
  const crypto: World['crypto'] = {
    ...world.crypto,
    ed25519Sign: (message, key) => {
      signatures += 1;
      return world.crypto.ed25519Sign(message, key);
    },
  };
  const [ann, bob] = await world.pair({ crypto });
  return { world, ann, bob, signatures: () => signatures };
}

/** The kinds of the changes that each transaction of a device makes from now on. */
function transactions({ store }: TestDevice): Change['kind'][][] {
  const kinds: Change['kind'][][] = [];
  const commit = store.commit.bind(store);
  store.commit = (changes) => {
    kinds.push(changes.map(({ kind }) => kind));
    return commit(changes);
  };
  return kinds;
}

const pushAll = (device: TestDevice, contents: readonly string[]) =>
  Promise.all(contents.map((content) => device.session.push(content)));

const numbers = (count: number) => Array.from({ length: count }, (_, index) => `${index}`);

t.test(
  'CL-22 EN-12 a run that is pushed in one turn is sealed as it is queued, and each message signed once',
  async (test) => {
    const { world, ann, bob, signatures } = await counted(test);
    const made = transactions(ann);
    const [before, requests] = [signatures(), world.relay.requests.length];
    const receipts = await pushAll(ann, numbers(64));
    test.same(made, [[...numbers(64).map(() => 'enqueue-sealed'), 'chain']]);
    await Promise.all(receipts.map(({ acknowledged }) => acknowledged));
    test.equal(signatures() - before, 64);
    const sent = world.relay.requests.slice(requests);
    test.match(
      sent.map((body) => (body.$case === 'push' ? body.value.items.length : body.$case)),
      [64],
    );
    test.same(texts(await bob.session.pull()), numbers(64));
  },
);

t.test(
  'CL-20 CL-22 what is more than the next Push takes is queued in the same transaction, and sealed when it is sent',
  async (test) => {
    const { world, ann, bob, signatures } = await counted(test);
    const made = transactions(ann);
    const before = signatures();
    world.relay.behaviour.request = (body) => (body.$case === 'push' ? 'silence' : undefined);
    const sendable = PUSH_ITEMS_MAX * PUSHES_IN_FLIGHT_MAX;
    const contents = numbers(sendable + 44);
    const receipts = await ann.session.pushAll(contents.map((content) => ({ content })));
    test.same(made[0]?.slice(0, -1), [
      ...numbers(PUSH_ITEMS_MAX).map(() => 'enqueue-sealed'),
      ...numbers(contents.length - PUSH_ITEMS_MAX).map(() => 'enqueue'),
    ]);
    await settle();
    test.same(
      receipts.map(({ position }) => position - (receipts[0]?.position ?? 0)),
      contents.map((_, index) => index),
    );
    const states = (await ann.session.queue.list()).map(({ state }) => state);
    test.same(states, [...numbers(sendable).map(() => 'sealed'), ...numbers(44).map(() => 'queued')]);
    test.equal(signatures() - before, sendable);
    const sent = world.relay.requests.flatMap((body) => (body.$case === 'push' ? body.value.items : []));
    world.relay.behaviour = {};
    const again = await world.reopen(ann);
    await settle();
    test.equal(again.session.status.unsynced, 0);
    const stored = world.relay.group.envelopes.slice(-contents.length);
    test.same(
      stored.slice(0, sendable).map(({ signature }) => signature),
      sent.slice(-sendable).map(({ envelope }) => envelope?.signature),
      'what was sealed is not sealed again',
    );
    test.same(texts(await bob.session.pull()), contents);
  },
);

t.test('CL-20 CL-22 a message whose transaction fails is not queued, and nobody misses its sequence', async (test) => {
  const { ann, bob } = await counted(test);
  const { commit } = ann.store;
  ann.store.commit = () => Promise.reject(new Error('the disk is full'));
  await test.rejects(ann.session.push('lost'));
  ann.store.commit = commit;
  test.equal(ann.session.status.unsynced, 0);
  const receipts = await pushAll(ann, ['one', 'two']);
  await Promise.all(receipts.map(({ acknowledged }) => acknowledged));
  test.same(texts(await bob.session.pull()), ['one', 'two']);
  test.same(bob.named('gap'), []);
});

t.test('CL-20 messages with and without a collapse key keep the order of one turn', async (test) => {
  const { ann, bob } = await counted(test);
  const push = (content: string, collapseKey?: string) =>
    ann.session.push(content, collapseKey === undefined ? {} : { collapseKey });
  const receipts = await Promise.all([
    push('one'),
    push('two', 'key'),
    push('three'),
    push('four', 'key'),
    push('five'),
  ]);
  await Promise.all(receipts.map(({ acknowledged }) => acknowledged));
  test.same(texts(await bob.session.pull()), ['one', 'three', 'four', 'five']);
  test.equal(ann.session.status.unsynced, 0);
});
