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

/** Two devices that have read everything; the first one's next PushAcks can be lost. */
async function losingPushAcks(test: Parameters<typeof World.create>[0]) {
  const world = await World.create(test);
  const [ann, bob] = await world.pair();
  for (const { session } of [ann, bob]) await session.pull();
  /** Ann pushes without an answer, Bob with answers; the relay has all of it. */
  const push = async (own: number, theirs: number) => {
    world.relay.behaviour.answer = (reply, request) => (request.$case === 'push' ? 'silence' : reply);
    const receipts = await Promise.all(Array.from({ length: own }, () => ann.session.push('own')));
    await settle();
    world.relay.behaviour = {};
    for (let count = 0; count < theirs; count += 1) await (await bob.session.push('theirs')).acknowledged;
    return receipts;
  };
  /** The relay removes everything before Ann comes back. */
  const remove = async (own: number, theirs: number) => {
    const receipts = await push(own, theirs);
    world.relay.group.expireThrough(world.relay.group.head);
    await ann.session.reconnect();
    await Promise.all(receipts.map(({ acknowledged }) => acknowledged));
    await ann.session.pull();
  };
  return { world, ann, bob, push, remove };
}

t.test('CL-08 an own message that was removed before its PushAck came is not lost', async (test) => {
  const { world, ann, remove } = await losingPushAcks(test);
  await remove(1, 0);
  test.same(ann.named('expired'), []);
  test.ok((await ann.session.completeness()).complete);
  const { head } = world.relay.group;
  await remove(1, 1);
  const lost = [{ relay: 'relay:4433', from: head + 1, to: head + 2 }];
  test.same(ann.named('expired'), lost, 'one of the two is lost');
  await remove(2, 0);
  test.same(ann.named('expired'), lost, 'nothing else, after a stretch with a loss');
  await remove(0, 1);
  test.equal(ann.named('expired').length, 2, 'a loss behind it is told');
  await remove(1, 0);
  test.equal(ann.named('expired').length, 2);
});

t.test('CL-08 an own message that was removed is not lost for a device that was closed meanwhile', async (test) => {
  const { world, ann, push } = await losingPushAcks(test);
  await push(2, 0);
  world.relay.group.expireThrough(world.relay.group.head);
  await ann.session.reconnect();
  await settle();
  const again = await world.reopen(ann);
  await again.session.pull();
  test.same(again.named('expired'), []);
  test.ok((await again.session.completeness()).complete);
});

t.test('CL-08 an own message that was removed is not lost when the log is read before its PushAck', async (test) => {
  const { world, ann, push } = await losingPushAcks(test);
  await push(2, 0);
  world.relay.group.expireThrough(world.relay.group.head);
  let isHeld = true;
  world.relay.behaviour.answer = (reply, request) => (isHeld && request.$case === 'push' ? 'silence' : reply);
  await ann.session.reconnect();
  await ann.session.pull();
  test.same(ann.named('expired'), []);
  isHeld = false;
  await ann.session.reconnect();
  await ann.session.flush();
  await ann.session.pull();
  test.same(ann.named('expired'), []);
});

t.test('CL-08 own messages of which the relay has some and has removed others are not lost', async (test) => {
  const { world, ann, bob, push } = await losingPushAcks(test);
  const { head } = world.relay.group;
  await push(3, 0);
  await (await bob.session.push('theirs')).acknowledged;
  world.relay.group.expireThrough(head + 2);
  await ann.session.reconnect();
  await ann.session.pull();
  test.same(ann.named('expired'), []);
  await push(1, 0);
  world.relay.group.expireThrough(head + 5);
  await ann.session.reconnect();
  await ann.session.pull();
  test.same(ann.named('expired'), []);
});

t.test('CL-08 a loss beside own messages is told, whatever their number', async (test) => {
  const { world, ann, push } = await losingPushAcks(test);
  const { head } = world.relay.group;
  await push(2, 1);
  world.relay.group.expireThrough(head + 3);
  await push(1, 0);
  await ann.session.reconnect();
  await ann.session.pull();
  test.same(ann.named('expired'), [{ relay: 'relay:4433', from: head + 1, to: head + 3 }]);
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
