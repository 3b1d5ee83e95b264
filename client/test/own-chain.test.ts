import { stubOf, verifyEnvelope } from '@0k-sync/core/envelope';
import { crypto } from '@0k-sync/testkit/crypto';
import { settle } from '@0k-sync/testkit/time';
import { flip } from '@0k-sync/testkit/wire';
import t from 'tap';
import { texts, World } from './support/world.ts';

t.test('CL-21 CL-28 a copy takes over what its own signature proves, and goes on behind it', async (test) => {
  const world = await World.create(test);
  const [ann, bob] = await world.pair();
  const copy = await world.copyStore(ann);
  for (const text of ['one', 'two']) await (await ann.session.push(text)).acknowledged;
  await bob.session.pull();
  await world.shut(ann);
  world.relay.group.expireThrough(world.relay.group.head);
  const restored = await world.open({ store: copy });
  await (await restored.session.push('three')).acknowledged;
  const key = restored.session.device ?? '';
  test.match(restored.named('expired'), [{ sender: undefined }, { sender: key, from: 2, to: 3 }]);
  test.same((await restored.session.completeness()).missing, [{ sender: key, from: 2, to: 3 }]);
  test.same(texts(await bob.session.pull()).slice(-1), ['three'], 'the chain goes on');
  test.same(bob.named('gap'), []);
  const again = await world.reopen(restored);
  await (await again.session.push('four')).acknowledged;
  test.equal((await again.session.completeness()).missing.length, 1, 'CL-14: also after a restart');
});

t.test('CL-28 what was sealed for a place that is taken is sealed anew, under the same id', async (test) => {
  const world = await World.create(test);
  const [ann, bob] = await world.pair();
  world.relay.behaviour.request = ({ $case }) => ($case === 'push' ? { error: 'RATE_LIMITED' } : undefined);
  const { id } = await ann.session.push('not sent');
  await settle();
  const author = await world.authorOf(ann);
  test.equal(author.sequence, 2, 'it is sealed');
  world.relay.behaviour = {};
  author.sequence = 1;
  for (const text of ['a', 'b']) world.relay.group.append(author.next(text));
  world.relay.group.expireThrough(world.relay.group.head);
  const again = await world.open({ store: ann.store });
  await settle();
  test.equal(again.session.status.unsynced, 0);
  test.match((await bob.session.pull()).at(-1), { id, content: 'not sent' });
});

t.test('CL-21 EN-28 a head that this device did not sign counts for nothing', async (test) => {
  const world = await World.create(test);
  const [ann, bob] = await world.pair();
  const other = await world.authorOf(bob);
  const stub = stubOf(crypto, other.next('of another device'));
  world.relay.behaviour.hello = (ack) => ({ ...ack, ownHead: stub });
  const again = await world.reopen(ann);
  const receipt = await again.session.push('x');
  await test.rejects(receipt.acknowledged, { code: 1032 });
  test.match(again.session.status, { connected: true, relays: [{ error: { code: 1032 } }] });
});

t.test('CL-26 a fork of the own chain is stored: nothing is pushed after a restart either', async (test) => {
  const world = await World.create(test);
  const [ann] = await world.pair();
  const copy = await world.copyStore(ann);
  await (await ann.session.push('from the device')).acknowledged;
  await world.shut(ann);
  const { hello } = world.relay.behaviour;
  world.relay.behaviour.hello = (ack) => ({ ...ack, ownHead: undefined });
  world.relay.behaviour.request = ({ $case }) => ($case === 'pull' ? { error: 'RATE_LIMITED' } : undefined);
  const other = await world.open({ store: copy });
  const receipt = await other.session.push('from the copy');
  await test.rejects(receipt.acknowledged, { code: 1037 });
  test.equal(other.named('fork').length, 1);
  world.relay.behaviour = hello === undefined ? {} : { hello };
  const pushes = () => world.relay.requests.filter(({ $case }) => $case === 'push').length;
  const before = pushes();
  const again = await world.reopen(other);
  const more = await again.session.push('more');
  await test.rejects(more.acknowledged, { code: 1037 });
  test.equal(pushes(), before);
});

t.test('CL-15 an own message that this store did not seal is delivered to the app', async (test) => {
  const world = await World.create(test);
  const [ann] = await world.pair();
  const copy = await world.copyStore(ann);
  await (await ann.session.push('sealed elsewhere')).acknowledged;
  await world.shut(ann);
  const restored = await world.open({ store: copy });
  await (await restored.session.push('sealed here')).acknowledged;
  const reading = restored.session.messages();
  test.match((await reading.next()).value, { content: 'sealed elsewhere', own: true });
  test.same(await restored.store.unconsumed(99, 9), []);
  await reading.return();
});

t.test('EN-35 an own envelope with a bad signature is pushed on with a good one', async (test) => {
  const world = await World.create(test);
  const [ann] = await world.pair();
  const author = await world.authorOf(ann);
  const [one, two] = [author.next('one'), author.next('two')];
  world.relay.group.append({ ...one, signature: flip(one.signature) });
  world.relay.group.append(two);
  const again = await world.open({ store: ann.store });
  await again.session.pull();
  world.relay.group.rollBackTo(2);
  await world.reopen(again);
  await settle();
  const pushed = world.relay.group.envelopes.map((envelope) => verifyEnvelope(crypto, envelope, author.group.id));
  test.equal(pushed.length, 4);
  test.ok(pushed.every(({ ok }) => ok));
});
