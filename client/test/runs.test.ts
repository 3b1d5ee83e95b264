import { createMemberRecord, EpochKeys } from '@0k-sync/core/group';
import type { Envelope } from '@0k-sync/generated/wire/envelope';
import { Device, Group } from '@0k-sync/testkit/author';
import { crypto } from '@0k-sync/testkit/crypto';
import { flip } from '@0k-sync/testkit/wire';
import t, { type Test } from 'tap';
import { type TestDevice, texts, World } from './support/world.ts';

const unsigned = (envelope: Envelope): Envelope => ({ ...envelope, signature: flip(envelope.signature) });

/** Bob reads what Ann's keys seal. */
async function listen(test: Test): Promise<{ world: World; bob: TestDevice; ann: Device }> {
  const world = await World.create(test);
  const [ann, bob] = await world.pair();
  await bob.session.pull();
  bob.events.length = 0;
  return { world, bob, ann: await world.authorOf(ann) };
}

/** A device of the group that no relay and no member knows. */
async function stranger(world: World, { store }: TestDevice): Promise<Device> {
  const { group } = await store.load();
  const [secret] = group?.epochSecrets ?? [];
  if (secret === undefined) throw new TypeError('the device has a group');
  return new Device(new Group(new EpochKeys(crypto, secret.secret.slice(), 0)), world.random(32));
}

t.test('EN-30 EN-32 a bad signature in a run is vouched for by the last one of the run', async (test) => {
  const { world, bob, ann } = await listen(test);
  world.relay.group.append(unsigned(ann.next('one')));
  world.relay.group.append(unsigned(ann.next('two')));
  world.relay.group.append(ann.next('three'));
  world.relay.group.append(unsigned(ann.next('four')));
  test.same(texts(await bob.session.pull()), ['one', 'two', 'three']);
  test.match(bob.named('rejected'), [{ cursor: 6, rejectClass: 'envelope.auth' }]);
  test.same(bob.named('gap'), []);
});

t.test('EN-34 an authentic successor brings back what was rejected for its signature', async (test) => {
  const { world, bob, ann } = await listen(test);
  const { group } = world.relay;
  for (const text of ['one', 'two']) {
    group.append(unsigned(ann.next(text)));
    test.same(texts(await bob.session.pull()), [], text);
  }
  test.equal((await bob.store.quarantined(9)).length, 2);
  group.append(ann.next('three'));
  test.same(texts(await bob.session.pull()), ['one', 'two', 'three']);
  test.equal(bob.named('rejected').length, 2, 'each was reported once');
  test.same(bob.named('gap'), []);
  test.same(await bob.store.quarantined(9), []);
  test.ok((await bob.session.completeness()).complete);
});

t.test('EN-34 what is rejected again stays, is not reported again, and is not recalled again', async (test) => {
  const { world, bob, ann } = await listen(test);
  const { group } = world.relay;
  const before = ann.previous;
  group.append(unsigned(ann.sized(272).envelope));
  await bob.session.pull();
  group.append(ann.next('two'));
  test.same(texts(await bob.session.pull()), ['two']);
  test.equal(bob.named('rejected').length, 1);
  test.match(await bob.store.quarantined(9), [{ unsigned: false, sequence: 2 }]);
  test.ok(before.length, 'the sender goes on');
  test.match(bob.named('gap'), [{ from: 2, to: 2 }]);
});

t.test('EN-22 EN-33 a copy of what was accepted is a duplicate, whatever its signature', async (test) => {
  const { world, bob, ann } = await listen(test);
  const one = ann.next('one');
  for (const envelope of [unsigned(one), one, unsigned(one)]) world.relay.group.append(envelope);
  test.same(texts(await bob.session.pull()), ['one']);
  test.match(bob.named('rejected'), [{ cursor: 3 }]);
  world.relay.group.append(unsigned(one));
  await bob.session.pull();
  test.equal(bob.named('rejected').length, 1);
});

t.test('EN-23 LI-46 a vouched second envelope is a fork, and the evidence is two stubs', async (test) => {
  const { world, bob, ann } = await listen(test);
  const before = ann.previous;
  const one = ann.next('first');
  world.relay.group.append(ann.twin('second', before));
  world.relay.group.append(unsigned(one));
  world.relay.group.append(ann.next('after the first'));
  test.same(texts(await bob.session.pull()), ['second']);
  test.match(bob.named('fork'), [{ sequence: 2, own: false }]);
  test.match(bob.named('rejected'), [{ rejectClass: 'envelope.chain' }]);
  test.equal((await bob.store.load()).evidence.length, 1);
});

t.test('CL-09 CL-12 CL-13 what a stranger sent is held, and judged when its record becomes known', async (test) => {
  const { world, bob } = await listen(test);
  const eve = await stranger(world, bob);
  for (const text of ['one', 'two']) world.relay.group.append(eve.next(text));
  const acknowledged = () => Math.max(...world.relay.group.acknowledged.values());
  test.same(texts(await bob.session.pull()), []);
  test.same(bob.named('rejected'), []);
  test.match((await bob.store.load()).held, [{ reason: 'record' }, { reason: 'record' }]);
  test.equal(acknowledged(), 2, 'nothing held is acknowledged');
  const record = createMemberRecord(eve.keys, eve.group.epoch);
  world.relay.group.records.set(Buffer.from(eve.keys.deviceKey).toString('hex'), record);
  world.relay.group.append(eve.next('three'));
  test.same(texts(await bob.session.pull()), ['one', 'two', 'three']);
  test.same((await bob.store.load()).held, []);
  test.equal(acknowledged(), 5);
});

t.test('CL-09 GR-14 an announcement brings its record, and only that of its own sender', async (test) => {
  const { world, bob } = await listen(test);
  const [eve, mallory] = [await stranger(world, bob), await stranger(world, bob)];
  Object.assign(mallory, { enrolment: eve.enrolment });
  world.relay.group.append(mallory.announce('Eve').envelope);
  await bob.session.pull();
  test.same(bob.named('member-joined'), []);
  world.relay.group.append(eve.announce('Eve').envelope);
  world.relay.group.append(eve.next('hello'));
  test.same(texts(await bob.session.pull()), ['hello']);
  test.match(bob.named('member-joined'), [{ name: 'Eve' }]);
  test.match((await bob.store.load()).held, [{ reason: 'record' }], 'Mallory is still unknown');
});
