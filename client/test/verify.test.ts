import type { FrameBody } from '@0k-sync/core/wire';
import { GAP_BYTES_MAX, GAP_WAIT_MS } from '@0k-sync/generated/limits';
import { type Envelope, EnvelopeHeader, Message } from '@0k-sync/generated/wire/envelope';
import type { Device } from '@0k-sync/testkit/author';
import { replaceAnswers } from '@0k-sync/testkit/relay';
import { settle } from '@0k-sync/testkit/time';
import { flip } from '@0k-sync/testkit/wire';
import t, { type Test } from 'tap';
import { type TestDevice, texts, World } from './support/world.ts';

/** A world in which Bob reads what Ann's keys seal, without her session in the way. */
async function listen(test: Test): Promise<{ world: World; bob: TestDevice; ann: Device; annKey: string }> {
  const world = await World.create(test);
  const [ann, bob] = await world.pair();
  await bob.session.pull();
  bob.events.length = 0;
  const annKey = ann.session.device ?? '';
  return { world, bob, ann: await world.authorOf(ann), annKey };
}

/** Follows the log of a relay that always claims to have one envelope more. */
async function followUnfinished(world: World, { session }: TestDevice): Promise<void> {
  world.relay.behaviour.segment = (segment) => ({ ...segment, head: segment.head + 1n });
  void session.messages().next();
  await settle();
}

/** The messages that the store has for the app, unread. */
async function contentsOf({ store }: TestDevice): Promise<readonly string[]> {
  const entries = await store.unconsumed(0, 99);
  return entries.map(({ plaintext }) => String(Message.decode(plaintext).content?.value));
}

/** Pulls, and lets the wait for a gap pass. */
async function pullPatiently(world: World, device: TestDevice) {
  const pulled = device.session.pull();
  await world.clock.advance(GAP_WAIT_MS);
  return texts(await pulled);
}

t.test(
  'EN-26 EN-27 lesson/undecryptable what fails its checks is quarantined and reported, never skipped',
  async (test) => {
    const defects: Record<string, [(envelope: Envelope) => Envelope, string]> = {
      'a ciphertext that was changed': [(e) => ({ ...e, ciphertext: flip(e.ciphertext) }), 'envelope.auth'],
      'a nonce that was changed': [(e) => ({ ...e, nonce: flip(e.nonce) }), 'envelope.auth'],
      'a header that is not canonical': [(e) => ({ ...e, header: e.header.subarray(0, -1) }), 'envelope.parse'],
    };
    for (const [name, [defect, rejectClass]] of Object.entries(defects)) {
      const { world, bob, ann, annKey } = await listen(test);
      const { group } = world.relay;
      const good = ann.next('one');
      group.append(good);
      const [stored] = group.envelopes.splice(-1);
      group.envelopes.push({ ...defect(stored ?? good), cursor: 3n });
      group.append(ann.next('two'));
      test.same(await pullPatiently(world, bob), ['two'], name);
      test.match(bob.named('rejected'), [{ relay: 'relay:4433', cursor: 3, rejectClass }], name);
      test.match(bob.named('gap'), [{ sender: annKey, from: 2, to: 2 }], name);
      test.match(await bob.store.quarantined(9), [{ cursor: 3, rejectClass }], name);
      test.equal(bob.session.status.relays[0]?.cursor, 4, 'the cursor goes on');
    }
  },
);

t.test(
  'F-008 EN-05 CL-03 what is of a later version costs neither the cursor nor what stands around it',
  async (test) => {
    const { world, bob, ann } = await listen(test);
    const { group } = world.relay;
    group.append(ann.next('before'));
    const unknown = ann.next('of a later version');
    const header = EnvelopeHeader.encode({ ...EnvelopeHeader.decode(unknown.header), version: 9 }).finish();
    group.append({ ...unknown, header });
    group.append(ann.next('after'));
    test.same(await pullPatiently(world, bob), ['before', 'after']);
    test.match(bob.named('rejected'), [{ cursor: 4, rejectClass: 'envelope.version' }]);
    test.equal(bob.session.status.relays[0]?.cursor, 5);
    group.append(ann.next('later'));
    const again = await world.reopen(bob);
    test.same(texts(await again.session.pull(5)), ['later']);
    test.same(again.named('received'), [{ count: 1 }], 'nothing comes twice');
    const asked = world.relay.requests.flatMap((body) => (body.$case === 'pull' ? [Number(body.value.after)] : []));
    test.ok(asked.length > 1 && asked.every((after, index) => after >= (asked[index - 1] ?? 0)), asked.join());
    test.equal(again.session.status.relays[0]?.cursor, 6);
  },
);

t.test(
  'EN-22 CL-17 finding/C6 lesson/replay an envelope that comes again is delivered once, and takes no space',
  async (test) => {
    const { world, bob, ann } = await listen(test);
    const one = ann.next('one');
    world.relay.group.append(one);
    world.relay.group.append(one);
    test.same((await bob.session.pull()).length, 1, 'CL-17 it keeps its first cursor');
    test.same(bob.named('received'), [{ count: 1 }]);
    world.relay.group.append(one);
    await bob.session.pull();
    test.same(bob.named('received'), [{ count: 1 }]);
    test.equal((await bob.store.unconsumed(0, 9)).length, 1);
  },
);

t.test('EN-16 a second message of one sender with the same id is not delivered', async (test) => {
  const { world, bob, ann } = await listen(test);
  const id = world.random(16);
  world.relay.group.append(ann.next('one', { id }));
  world.relay.group.append(ann.next('one again', { id }));
  world.relay.group.append(ann.next('two'));
  test.same(texts(await bob.session.pull()), ['one', 'two']);
  world.relay.group.append(ann.next('one once more', { id }));
  test.same(texts(await bob.session.pull()), ['one', 'two']);
  test.same(bob.named('rejected'), []);
});

t.test('EN-07 lesson/sender-spoof an envelope under another name, or of a stranger, is rejected', async (test) => {
  const { world, bob, ann } = await listen(test);
  const stranger = await world.open({}, ['relay:4433']);
  await stranger.session.pair();
  const other = await world.authorOf(stranger);
  world.relay.group.append(other.next('of another group'));
  const forged = ann.next('one');
  const header = forged.header.slice();
  header.set(world.random(32), 38);
  world.relay.group.envelopes.push({ ...forged, header, cursor: 4n, receivedAtMs: 0n });
  test.same(await pullPatiently(world, bob), []);
  test.match(bob.named('rejected'), [
    { cursor: 3, rejectClass: 'envelope.binding' },
    { cursor: 4, rejectClass: 'envelope.auth' },
  ]);
});

t.test('CL-09 a sender without a verified record is judged after one ListDevices', async (test) => {
  const { world, bob } = await listen(test);
  const inviter = await world.reopen(bob);
  const eve = await world.open({ deviceName: 'Eve' });
  await eve.session.pairJoin(await inviter.session.pair());
  await (await eve.session.push('new here')).acknowledged;
  world.relay.requests.length = 0;
  test.same(texts(await inviter.session.pull()), ['new here']);
  test.equal(world.relay.requests.filter(({ $case }) => $case === 'listDevices').length, 1);
  test.match(inviter.named('member-joined'), [{ device: eve.session.device, name: 'Eve' }]);

  const late = await world.open({ deviceName: 'Late' });
  await late.session.pairJoin(await inviter.session.pair());
  await (await late.session.push('unheard')).acknowledged;
  const empty: FrameBody = { $case: 'deviceList', value: { version: 9n, records: [] } };
  world.relay.behaviour.answer = replaceAnswers('deviceList', () => empty);
  world.relay.requests.length = 0;
  test.same(texts(await inviter.session.pull()), ['new here', 'unheard'], 'its announcement brings its record');
  test.equal(world.relay.requests.filter(({ $case }) => $case === 'listDevices').length, 1);
  test.same(inviter.named('rejected'), []);
});

t.test('EN-08 lesson/reorder envelopes out of order are delivered in the order of their sender', async (test) => {
  const { world, bob, ann } = await listen(test);
  const [one, two, three] = [ann.next('one'), ann.next('two'), ann.next('three')];
  for (const envelope of [three, two, one]) world.relay.group.append(envelope);
  await bob.session.pull();
  const order = [];
  for (const { sender, messageId } of await bob.store.unconsumed(0, 9)) {
    order.push((await bob.store.entryByMessageId(sender, messageId))?.sequence);
  }
  test.same(order, [2, 3, 4]);
  test.same(bob.named('gap'), []);
  test.same((await bob.store.load()).held, []);
});

t.test('EN-08 lesson/splice an envelope that names another one before it is rejected', async (test) => {
  const { world, bob, ann } = await listen(test);
  const before = ann.previous;
  world.relay.group.append(ann.next('one'));
  await bob.session.pull();
  ann.next('never sent');
  world.relay.group.append(ann.twin('spliced', before));
  world.relay.group.append(ann.next('after'));
  test.same(await pullPatiently(world, bob), ['one', 'after']);
  test.match(bob.named('rejected'), [{ rejectClass: 'envelope.chain' }]);
});

t.test('EN-23 lesson/fork of two envelopes in one place the first stays, and both are kept', async (test) => {
  const { world, bob, ann, annKey } = await listen(test);
  const before = ann.previous;
  world.relay.group.append(ann.next('first'));
  world.relay.group.append(ann.twin('second', before));
  test.same(texts(await bob.session.pull()), ['first']);
  test.match(bob.named('fork'), [{ sender: annKey, sequence: 2, own: false, relay: 'relay:4433' }]);
  test.match(await bob.store.quarantined(9), [{ cursor: 4, rejectClass: 'envelope.chain' }]);
  const [kept] = await bob.store.unconsumed(0, 1);
  const entry = await bob.store.entryByMessageId(ann.keys.deviceKey, kept?.messageId ?? new Uint8Array());
  test.same([entry?.bodyHash.length, entry?.signature.length], [32, 64], 'the stub of the first is kept');
});

t.test('EN-24 LI-27 a gap holds later envelopes for GAP_WAIT_MS, then names what is missing', async (test) => {
  const { world, bob, ann, annKey } = await listen(test);
  await followUnfinished(world, bob);
  ann.next('lost');
  ann.next('lost too');
  world.relay.group.append(ann.next('three'));
  world.relay.group.append(ann.next('four'));
  world.relay.publish();
  await settle();
  await world.clock.advance(GAP_WAIT_MS - 1);
  test.same(bob.named('gap'), []);
  test.equal((await bob.store.load()).held.length, 2);
  await world.clock.advance(1);
  test.same(await contentsOf(bob), ['three', 'four']);
  test.same(bob.named('gap'), [{ sender: annKey, from: 2, to: 3 }], 'named once');
  test.same((await bob.store.load()).held, []);
});

t.test('EN-24 a gap waits no longer than the log that could fill it', async (test) => {
  const { world, bob, ann, annKey } = await listen(test);
  const lost = ann.next('lost');
  world.relay.group.append(ann.next('three'));
  test.same(texts(await bob.session.pull()), ['three'], 'at once: there is no other relay');
  test.same(bob.named('gap'), [{ sender: annKey, from: 2, to: 2 }]);
  test.same((await bob.session.completeness()).missing, [{ sender: annKey, from: 2, to: 2 }]);
  world.relay.group.append(lost);
  test.same(texts(await bob.session.pull()), ['three', 'lost']);
  test.ok((await bob.session.completeness()).complete, 'CL-14');
});

t.test('EN-24 what comes late fills its place; held envelopes survive a restart', async (test) => {
  const { world, bob, ann } = await listen(test);
  await followUnfinished(world, bob);
  const lost = ann.next('late');
  world.relay.group.append(ann.next('three'));
  world.relay.publish();
  await settle();
  const again = await world.reopen(bob);
  world.relay.behaviour = {};
  test.equal((await again.store.load()).held.length, 1);
  await world.clock.advance(GAP_WAIT_MS);
  test.match(again.named('gap'), [{ from: 2, to: 2 }]);
  world.relay.group.append(lost);
  const messages = await again.session.pull();
  test.same(texts(messages), ['three', 'late']);
  test.same(again.named('rejected'), []);
});

t.test('EN-24 of two that wait for one place the one that fits what comes is taken', async (test) => {
  const { world, bob, ann } = await listen(test);
  const before = ann.previous;
  const lost = ann.next('late');
  const three = ann.next('three');
  world.relay.group.append(ann.twin('of another chain', before));
  world.relay.group.append(three);
  world.relay.group.append(lost);
  test.same(texts(await bob.session.pull()), ['three', 'late'], 'in the order of the relay');
  test.same(bob.named('fork'), []);
  test.match(bob.named('rejected'), [{ cursor: 3, rejectClass: 'envelope.chain' }]);
  test.same((await bob.store.load()).held, []);
});

t.test('EN-23 EN-24 of two that wait for one place and fit the first stays, and the other is a fork', async (test) => {
  const { world, bob, ann, annKey } = await listen(test);
  const lost = ann.next('late');
  const before = ann.previous;
  world.relay.group.append(ann.next('first'));
  world.relay.group.append(ann.twin('second', before));
  world.relay.group.append(lost);
  test.same(texts(await bob.session.pull()), ['first', 'late'], 'in the order of the relay');
  test.match(bob.named('fork'), [{ sender: annKey, sequence: 3 }]);
  test.match(await bob.store.quarantined(9), [{ cursor: 4, rejectClass: 'envelope.chain' }]);
});

t.test('EN-25 LI-28 F-019 held envelopes are bounded: beyond it the oldest gap is closed at once', async (test) => {
  const { world, bob, ann } = await listen(test);
  ann.next('lost');
  const text = 'x'.repeat(190_000);
  const count = Math.ceil(GAP_BYTES_MAX / text.length) + 1;
  for (let index = 0; index < count; index += 1) world.relay.group.append(ann.next(text));
  const messages = await bob.session.pull();
  test.equal(messages.length, count);
  test.match(bob.named('gap'), [{ from: 2, to: 2 }]);
});

t.test('EN-23 a head that the Welcome told is a witness against a fork', async (test) => {
  const world = await World.create(test);
  const [ann, bob] = await world.pair();
  await bob.session.pull();
  const author = await world.authorOf(ann);
  const before = author.previous;
  world.relay.group.append(author.next('what Bob has seen'));
  await bob.session.pull();
  const invite = await bob.session.pair();
  world.relay.group.envelopes.splice(-1);
  world.relay.group.append(author.twin('what the relay shows Eve', before));
  const eve = await world.open();
  await eve.session.pairJoin(invite);
  test.same(await pullPatiently(world, eve), []);
  test.match(eve.named('fork'), [{ sequence: 2, own: false }]);
});
