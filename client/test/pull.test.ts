import { envelopeHash } from '@0k-sync/core/envelope';
import { replaceAnswers } from '@0k-sync/testkit/relay';
import { settle } from '@0k-sync/testkit/time';
import t from 'tap';
import { syncError } from './support/expect.ts';
import { texts, World } from './support/world.ts';

const pulls = (world: World) => world.relay.requests.flatMap((body) => (body.$case === 'pull' ? [body.value] : []));

t.test('lesson/own-push-cursor RL-49 an own push never moves the pull cursor', async (test) => {
  const world = await World.create(test);
  const [ann, bob] = await world.pair();
  await ann.session.pull();
  await (await bob.session.push('between')).acknowledged;
  await (await ann.session.push('own')).acknowledged;
  const before = ann.session.status.relays[0]?.cursor;
  test.equal(before, 2, 'the two announcements');
  test.same(texts(await ann.session.pull()), ['between', 'own']);
});

t.test('CL-04 lesson/has-more-loop a pull goes on until has_more is false', async (test) => {
  const world = await World.create(test);
  const [ann, bob] = await world.pair();
  const receipts = await Promise.all(Array.from({ length: 40 }, (_, index) => ann.session.push(`${index}`)));
  await Promise.all(receipts.map((receipt) => receipt.acknowledged));
  world.relay.behaviour.request = (body) => {
    if (body.$case === 'pull') body.value.bytesMax = 2000;
    return undefined;
  };
  test.equal((await bob.session.pull()).length, 40);
  test.ok(pulls(world).length > 8, 'page by page');
  world.relay.behaviour.request = (body) => {
    if (body.$case !== 'pull') return undefined;
    const { after } = body.value;
    const segment = { after, removedThrough: after, envelopes: [], next: after, head: after + 9n };
    return { $case: 'page', value: { segment, hasMore: true } };
  };
  await test.rejects(bob.session.pull(), syncError({ kind: 'protocol', code: 1041 }), 'a page that moves nothing');
});

t.test('CL-02 a segment that does not account for every cursor is refused before it is used', async (test) => {
  const lies: ((segment: {
    after: bigint;
    next: bigint;
    head: bigint;
    removedThrough: bigint;
    envelopes: unknown[];
  }) => void)[] = [
    (segment) => void segment.envelopes.splice(0, 1),
    (segment) => void segment.envelopes.reverse(),
    (segment) => {
      segment.next += 1n;
      segment.head += 1n;
    },
    (segment) => {
      segment.after += 1n;
    },
    (segment) => {
      segment.removedThrough = segment.after + 1n;
    },
  ];
  for (const lie of lies) {
    const world = await World.create(test);
    const [ann, bob] = await world.pair();
    await bob.session.pull();
    await (await ann.session.push('one')).acknowledged;
    await (await ann.session.push('two')).acknowledged;
    world.relay.behaviour.answer = replaceAnswers('page', (value) => {
      if (value.segment !== undefined) lie(value.segment);
      return { $case: 'page', value };
    });
    await test.rejects(bob.session.pull(), syncError({ kind: 'protocol', code: 1041, relay: 'relay:4433' }));
    await settle();
    test.equal(bob.session.status.relays[0]?.cursor, 2);
    test.match(bob.session.status.relays[0], { state: 'waiting' }, 'CL-37');
    world.relay.behaviour = {};
    test.same(texts(await bob.session.pull()), ['one', 'two'], 'an honest relay is read on demand');
  }
});

t.test('CL-05 lesson/evil-max-cursor a head claim neither silences nor moves anything', async (test) => {
  for (const head of [2n ** 53n - 1n, 0n]) {
    const world = await World.create(test);
    world.relay.behaviour.hello = (helloAck) => ({ ...helloAck, head });
    const [ann, bob] = await world.pair();
    world.relay.behaviour.answer = replaceAnswers('page', (value) => {
      if (value.segment !== undefined && head > 0n) value.segment.head = head;
      return { $case: 'page', value };
    });
    await (await ann.session.push('heard')).acknowledged;
    test.same(texts(await bob.session.pull()), ['heard']);
    test.equal(bob.session.status.relays[0]?.cursor, 3);
    await (await ann.session.push('again')).acknowledged;
    test.same(texts(await bob.session.pull(3)), ['again']);
  }
});

t.test('CL-03 CL-07 lesson/ack-after-store Ack follows the store', async (test) => {
  const world = await World.create(test);
  const [ann, bob] = await world.pair();
  await (await ann.session.push('one')).acknowledged;
  const acks = () => world.relay.requests.flatMap((body) => (body.$case === 'ack' ? [body.value.cursor] : []));
  await bob.session.pull();
  await settle();
  test.same(acks(), [3n]);
  bob.store.commit = () => Promise.reject(new Error('the disk is full'));
  await (await ann.session.push('two')).acknowledged;
  await test.rejects(bob.session.pull());
  await settle();
  test.same(acks(), [3n], 'what could not be stored is not acknowledged');
  test.equal(bob.session.status.relays[0]?.cursor, 3, 'CL-03 nor does the cursor move');
});

t.test('CL-06 lesson/rollback a relay that went back is read again, and gets what it lost', async (test) => {
  const world = await World.create(test);
  const [ann, bob] = await world.pair();
  for (const text of ['one', 'two', 'three']) await (await ann.session.push(text)).acknowledged;
  await ann.session.pull();
  test.same(texts(await bob.session.pull()), ['one', 'two', 'three']);
  const original = world.relay.group.envelopes.map((envelope) => envelopeHash(world.crypto, envelope));
  await world.shut(ann);
  await world.shut(bob);
  world.relay.group.rollBackTo(3);
  const bob2 = await world.open({ store: bob.store });
  test.same(texts(await bob2.session.pull()), ['one'], 'the log begins anew');
  test.same(bob2.named('rolled-back'), [{ relay: 'relay:4433', cursor: 5 }]);
  test.same(bob2.named('received'), [], 'nothing is delivered twice');
  const ann2 = await world.open({ store: ann.store });
  await settle();
  test.same(
    world.relay.group.envelopes.map((envelope) => envelopeHash(world.crypto, envelope)),
    original,
    'the same bytes are pushed again',
  );
  test.equal(ann2.session.status.unsynced, 0);
  test.same(texts(await bob2.session.pull()), ['one', 'two', 'three']);
  test.same(bob2.named('received'), []);
});

t.test(
  'CL-06 what came into the place of lost envelopes is read, also when the own push fills the log up',
  async (test) => {
    const world = await World.create(test);
    const [ann, bob] = await world.pair();
    const author = await world.authorOf(bob);
    world.relay.group.append(author.next('lost'));
    await (await ann.session.push('mine')).acknowledged;
    test.same(texts(await ann.session.pull()), ['lost', 'mine']);
    await world.shut(ann);
    // The relay loses both; another envelope takes the lost one's place before the own one comes again to its old cursor.
    world.relay.group.rollBackTo(2);
    world.relay.group.append(author.next('new'));
    const again = await world.open({ store: ann.store });
    await settle();
    test.equal(world.relay.group.head, 4);
    test.same(again.named('rolled-back'), [{ relay: 'relay:4433', cursor: 4 }]);
    await again.session.pull();
    test.same(again.named('received'), [{ count: 1 }]);
  },
);

t.test('CL-06 CL-16 finding/C6 a relay that calls everything rolled back is not believed for ever', async (test) => {
  const world = await World.create(test);
  const [, bob] = await world.pair();
  await bob.session.pull();
  world.relay.behaviour.request = (body) => (body.$case === 'pull' ? { error: 'ROLLED_BACK' } : undefined);
  await test.rejects(bob.session.pull(), syncError({ kind: 'protocol' }));
  test.equal(bob.named('rolled-back').length, 1);
});

t.test('CL-08 what was removed below the floor is reported as expired', async (test) => {
  const world = await World.create(test);
  const [ann, bob] = await world.pair();
  await bob.session.pull();
  for (const text of ['one', 'two', 'three']) await (await ann.session.push(text)).acknowledged;
  world.relay.group.expireThrough(4);
  const pulled = bob.session.pull();
  await world.clock.advance(5000);
  test.same(texts(await pulled), ['three']);
  test.same(bob.named('expired'), [{ relay: 'relay:4433', from: 3, to: 4 }]);
  test.same(bob.named('gap'), [{ sender: ann.session.device, from: 2, to: 3 }]);
});

t.test(
  'CL-01 lesson/per-relay-cursor a relay of another identity is never asked with the cursor of the first',
  async (test) => {
    const world = await World.create(test);
    const [ann, bob] = await world.pair();
    await (await ann.session.push('one')).acknowledged;
    await ann.session.pull();
    await world.shut(ann);
    await world.shut(bob);
    world.relay.changeKeys();
    world.relay.state.groups.clear();
    world.relay.requests.length = 0;
    const again = await world.open({ store: ann.store });
    await again.session.pull();
    test.equal(pulls(world)[0]?.after, 0n);
    test.equal(pulls(world)[0]?.hashAtAfter.length, 0);
    test.equal(again.named('relay-key-changed').length, 1);
    test.same(texts(await again.session.pull()), ['one'], 'and it gets what the first one had');
  },
);

t.test('CL-06 what a relay has lost counts as unsynced until it has it again', async (test) => {
  const world = await World.create(test);
  const [ann] = await world.pair();
  for (const text of ['one', 'two']) await (await ann.session.push(text)).acknowledged;
  await world.shut(ann);
  world.relay.group.rollBackTo(2);
  world.relay.behaviour.request = (body) => (body.$case === 'push' ? 'silence' : undefined);
  const again = await world.open({ store: ann.store });
  await settle();
  test.equal(again.session.status.unsynced, 2);
  world.relay.behaviour = {};
  const third = await world.reopen(again);
  test.equal(third.session.status.unsynced, 2, 'also after a restart');
  await settle();
  test.equal(third.session.status.unsynced, 0);
  test.equal(world.relay.group.head, 4);
});

t.test('a page that brings what the subscription has brought already changes nothing', async (test) => {
  const world = await World.create(test);
  const [ann, bob] = await world.pair();
  const reading = bob.session.messages();
  const first = reading.next();
  await settle();
  const author = await world.authorOf(ann);
  let isFirst = true;
  world.relay.behaviour.request = (body) => {
    if (body.$case !== 'pull' || !isFirst) return undefined;
    isFirst = false;
    world.relay.group.append(author.next('both ways'));
    world.relay.publish();
    return undefined;
  };
  test.same(texts(await bob.session.pull()), ['both ways']);
  test.equal((await first).value?.content, 'both ways');
  test.same(texts(await bob.session.pull()), ['both ways']);
  test.same(bob.named('received'), [{ count: 1 }]);
  test.same(bob.named('rolled-back'), []);
  await reading.return();
});

t.test('SE-03 a refused pull is a refusal: the session goes on', async (test) => {
  const world = await World.create(test);
  const [, bob] = await world.pair();
  const connections = world.relay.connections;
  world.relay.behaviour.request = (body) =>
    body.$case === 'pull' ? { error: 'RATE_LIMITED', retryAfterMs: 5 } : undefined;
  await test.rejects(bob.session.pull(), syncError({ kind: 'refused', code: 2000, relay: 'relay:4433' }));
  test.match(bob.session.status.relays, [{ state: 'connected' }]);
  world.relay.behaviour = {};
  await bob.session.pull();
  test.equal(world.relay.connections, connections, 'the same one');
});
