import { settle } from '@0k-sync/testkit/time';
import t, { type Test } from 'tap';
import type { Message } from '../src/index.ts';
import { syncError } from './support/expect.ts';
import { type TestDevice, texts, World } from './support/world.ts';

t.test('messages() gives the messages of others, each once over all sessions', async (test) => {
  const world = await World.create(test);
  const [ann, bob] = await world.pair();
  await (await ann.session.push('one')).acknowledged;
  await (await bob.session.push('own')).acknowledged;
  const seen: Message[] = [];
  const reading = (async () => {
    for await (const message of bob.session.messages()) seen.push(message);
  })();
  await settle();
  test.same(texts(seen), ['one']);
  await ann.session.push('two');
  await settle();
  test.same(texts(seen), ['one', 'two'], 'live');
  test.equal(seen[0]?.cursor, undefined);
  const again = await world.reopen(bob);
  await reading;
  test.same(texts(seen), ['one', 'two'], 'the loop ends with the session');
  const controller = new AbortController();
  const later = (async () => {
    for await (const message of again.session.messages({ signal: controller.signal })) seen.push(message);
  })();
  await ann.session.push('three');
  await settle();
  test.same(texts(seen), ['one', 'two', 'three']);
  controller.abort();
  await later;
});

t.test('a message counts as read when the next one is asked for', async (test) => {
  const world = await World.create(test);
  const [ann, bob] = await world.pair();
  for (const text of ['one', 'two']) await (await ann.session.push(text)).acknowledged;
  const first = bob.session.messages();
  test.equal((await first.next()).value?.content, 'one');
  await test.rejects(bob.session.messages().next(), syncError({ kind: 'argument' }), 'one loop at a time');
  const again = await world.reopen(bob);
  const second = again.session.messages();
  test.equal((await second.next()).value?.content, 'one', 'it was not finished');
  test.equal((await second.next()).value?.content, 'two');
  await second.return();
});

t.test('finding/A messages({ live: false }) asks no relay, gives what pull() brought, and ends', async (test) => {
  const world = await World.create(test);
  const [ann, bob] = await world.pair();
  await (await ann.session.push('one')).acknowledged;
  await settle();
  const read = async () => {
    const messages: Message[] = [];
    for await (const message of bob.session.messages({ live: false })) messages.push(message);
    return texts(messages);
  };
  test.same(await read(), []);
  test.notOk(world.relay.requests.some((body) => body.$case === 'subscribe'));
  await bob.session.pull();
  test.same(await read(), ['one']);
  test.same(await read(), []);
});

/** A world where one device has stored three messages of another. */
async function pullThree(test: Test): Promise<{ readonly world: World; readonly bob: TestDevice }> {
  const world = await World.create(test);
  const [ann, bob] = await world.pair();
  for (const text of ['one', 'two', 'three']) await (await ann.session.push(text)).acknowledged;
  await bob.session.pull();
  return { world, bob };
}

/** The messages that a loop over what is stored gives. */
async function unread({ session }: TestDevice): Promise<readonly unknown[]> {
  const given: unknown[] = [];
  for await (const { content } of session.messages({ live: false })) given.push(content);
  return given;
}

t.test('after break the message in hand is not given again, and the later ones are', async (test) => {
  const { world, bob } = await pullThree(test);
  for await (const { content } of bob.session.messages()) {
    test.equal(content, 'one');
    break;
  }
  for await (const { content } of bob.session.messages()) {
    test.equal(content, 'two', 'in the same session');
    break;
  }
  test.same(await unread(await world.reopen(bob)), ['three'], 'in the next one');
});

t.test('an error in the body of the loop leaves it as break does', async (test) => {
  const { world, bob } = await pullThree(test);
  const failure = new Error('no');
  const failing = async () => {
    for await (const _ of bob.session.messages()) throw failure;
  };
  await test.rejects(failing(), failure);
  test.same(await unread(await world.reopen(bob)), ['two', 'three']);
});

t.test('a page is read when the loop asks for the next one: a kill before gives all of it again', async (test) => {
  const { world, bob } = await pullThree(test);
  const reading = bob.session.messages();
  const given = [await reading.next(), await reading.next()];
  test.same(
    given.map(({ value }) => value?.content),
    ['one', 'two'],
  );
  // The first session writes nothing from here on, as if it had been killed.
  const next = await world.open({ store: bob.store, offline: true });
  test.same(await unread(next), ['one', 'two', 'three']);
  await reading.return();
});
