import { settle } from '@0k-sync/testkit/time';
import t from 'tap';
import { texts, World } from './support/world.ts';

t.test('CL-08 CL-14 expired leaves out what this device has, and is kept', async (test) => {
  const world = await World.create(test);
  const [ann, bob] = await world.pair();
  await ann.session.pull();
  await world.shut(bob);
  const author = await world.authorOf(bob);
  world.relay.group.append(author.next('lost'));
  await (await ann.session.push('own')).acknowledged;
  world.relay.group.append(author.next('lost too'));
  world.relay.group.expireThrough(5);
  await ann.session.pull();
  const expected = [
    { relay: 'relay:4433', from: 3, to: 3 },
    { relay: 'relay:4433', from: 5, to: 5 },
  ];
  test.same(ann.named('expired'), expected, 'the own one stood at 4');
  const again = await world.reopen(ann);
  const { complete, expired } = await again.session.completeness();
  test.notOk(complete);
  test.match(expired, [
    { from: 3, to: 3 },
    { from: 5, to: 5 },
  ]);
});

t.test('CL-08 an own message that was removed before its PushAck came is not lost', async (test) => {
  const world = await World.create(test);
  const [ann, bob] = await world.pair();
  for (const { session } of [ann, bob]) await session.pull();
  const removed = async (others: number) => {
    world.relay.behaviour.answer = (reply, request) => (request.$case === 'push' ? 'silence' : reply);
    const own = await ann.session.push('own');
    await settle();
    world.relay.behaviour = {};
    for (let count = 0; count < others; count += 1) await (await bob.session.push('theirs')).acknowledged;
    world.relay.group.expireThrough(world.relay.group.head);
    await ann.session.reconnect();
    await own.acknowledged;
    await ann.session.pull();
  };
  await removed(0);
  test.same(ann.named('expired'), []);
  test.ok((await ann.session.completeness()).complete);
  const { head } = world.relay.group;
  await removed(1);
  test.same(ann.named('expired'), [{ relay: 'relay:4433', from: head + 1, to: head + 2 }], 'one of the two is lost');
  test.notOk((await ann.session.completeness()).complete);
});

t.test('CL-11 PA-12 a relay that keeps back what the Welcome proves is told', async (test) => {
  const world = await World.create(test);
  const [ann, bob] = await world.pair();
  const author = await world.authorOf(ann);
  for (const text of ['one', 'two']) world.relay.group.append(author.next(text));
  await bob.session.pull();
  const invite = await bob.session.pair();
  const kept = world.relay.group.envelopes.splice(-1);
  const eve = await world.open();
  await eve.session.pairJoin(invite);
  test.same(texts(await eve.session.pull()), ['one']);
  const withheld = { relay: 'relay:4433', sender: ann.session.device, from: 3, to: 3 };
  test.same(eve.named('withheld'), [withheld]);
  await eve.session.pull();
  test.equal(eve.named('withheld').length, 1, 'once');
  const { relay: _, ...missing } = withheld;
  test.same((await eve.session.completeness()).missing, [missing]);
  world.relay.group.append(kept[0] ?? author.next());
  test.same(texts(await eve.session.pull()), ['one', 'two']);
  test.ok((await eve.session.completeness()).complete);
});

t.test('CL-11 what a relay has removed is expired, not withheld', async (test) => {
  const world = await World.create(test);
  const [ann, bob] = await world.pair();
  await (await ann.session.push('gone')).acknowledged;
  await bob.session.pull();
  const invite = await bob.session.pair();
  world.relay.group.expireThrough(world.relay.group.head);
  const eve = await world.open();
  await eve.session.pairJoin(invite);
  await eve.session.pull();
  test.same(eve.named('withheld'), []);
  test.match(eve.named('expired'), [{ from: 1, to: 3 }]);
  test.notOk((await eve.session.completeness()).complete);
});
