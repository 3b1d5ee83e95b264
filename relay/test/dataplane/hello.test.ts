import { toHex } from '@0k-sync/core/bytes';
import { errors } from '@0k-sync/generated/errors';
import { SESSIONS_PER_DEVICE_MAX } from '@0k-sync/generated/limits';
import { Device, placeOf } from '@0k-sync/testkit/author';
import { crypto } from '@0k-sync/testkit/crypto';
import t from 'tap';
import { TestRelay } from '../support/relay.ts';

const UNAUTHORIZED = errors.UNAUTHORIZED.number;
const TOKEN = 'a-token-of-some-length';

t.test('SE-12 SE-15 the first Hello with a record creates the group and is answered completely', async (t) => {
  const relay = await TestRelay.start(t);
  const device = new Device();
  const client = await relay.connect();
  const ack = await client.hello(device);
  t.match(ack, { head: 0n, floor: 0n, ownHead: undefined, epoch: 0 });
  t.same(ack.signingKey, relay.relay.keys.signingKey);
  t.equal(ack.limits?.pushItemsMax, 256);
  t.equal(Number(ack.serverTimeMs), relay.clock.wall());
  t.same(client.nodeId, relay.relay.keys.nodeId);
  await client.push(device.items(3));
  t.equal(await client.leave(), 0);
  const again = await relay.connect('192.0.2.1', { suite: 'classical' });
  const second = await again.hello(device, { enrolment: false });
  t.match(second, { head: 3n });
  t.same(placeOf(second.ownHead), { sequence: 3, hash: device.previous });
});

t.test('SE-17 CL-07 a relay says that it removes by Ack exactly when it does', async (t) => {
  for (const remove_acknowledged of [false, true]) {
    const relay = await TestRelay.start(t, { retention: { remove_acknowledged } });
    const { capabilities } = await (await relay.connect()).hello(new Device());
    t.same(capabilities, remove_acknowledged ? ['ack-removal'] : []);
  }
});

t.test('SE-18 RL-53 CL-19 a relay says by which age and size it removes, by default by none', async (t) => {
  const retentionOf = async (retention: Record<string, unknown>) => {
    const relay = await TestRelay.start(t, { retention });
    const { retentionSeconds, retentionBytes } = await (await relay.connect()).hello(new Device());
    return [retentionSeconds, retentionBytes];
  };
  t.same(await retentionOf({}), [0, 0n]);
  t.same(await retentionOf({ age_seconds: 100 * 365 * 86_400 }), [100 * 365 * 86_400, 0n]);
  t.same(await retentionOf({ group_bytes: 2 ** 40 }), [0, 2n ** 40n]);
});

t.test('ER-03 SE-10 SE-14 SE-74 whoever is not let in gets the same answer, whatever the reason', async (t) => {
  const relay = await TestRelay.start(t);
  const member = new Device();
  await relay.member(member);
  const stranger = new Device(member.group);
  const forged = new Device();
  const otherGroup = { ...forged.enrolment, authKey: member.group.epoch.authKey };
  const bodies = [
    ['no such group', new Device(), false],
    ['a known group, not enrolled', stranger, false],
    ["another group's key", Object.assign(forged, { enrolment: otherGroup }), true],
    ["another device's record", Object.assign(new Device(member.group), { enrolment: member.enrolment }), true],
  ] as const;
  const answers: unknown[] = [];
  for (const [what, device, enrolment] of bodies) {
    const client = await relay.connect();
    client.send(client.helloBody(device, { enrolment }));
    const { body } = await client.next();
    t.equal(await client.closed(), UNAUTHORIZED, what);
    answers.push(body);
  }
  for (const answer of answers) t.same(answer, answers[0]);
  const replayed = await relay.connect();
  const other = await relay.connect();
  replayed.send(other.helloBody(member));
  t.equal(await replayed.expectError(), UNAUTHORIZED, 'SE-10 the signature binds to the handshake');
});

t.test('SE-13 groups.creation and groups.access_tokens: token and closed', async (t) => {
  const byToken = await TestRelay.start(t, { groups: { creation: 'token', access_tokens: [TOKEN, `${TOKEN}2`] } });
  for (const wrong of ['', 'x', `${TOKEN}3`]) {
    const client = await byToken.connect();
    client.send(client.helloBody(new Device(), { accessToken: wrong }));
    t.equal(await client.expectError(), UNAUTHORIZED);
  }
  const creator = new Device();
  const client = await byToken.connect();
  await client.hello(creator, { accessToken: `${TOKEN}2` });
  await byToken.member(creator.sibling());
  const closed = await TestRelay.start(t, { groups: { creation: 'closed' } }, t.testdir({ closed: {} }));
  const refused = await closed.connect();
  refused.send(refused.helloBody(new Device()));
  t.equal(await refused.closed(), UNAUTHORIZED);
});

t.test('SE-13 groups.ids: a group with a configured id is created at a closed and at a token relay', async (t) => {
  const device = new Device();
  const ids = [toHex(new Device().group.id), toHex(device.group.id)];
  const relays = [{ creation: 'closed' as const }, { creation: 'token' as const, access_tokens: [TOKEN] }];
  for (const groups of relays) {
    const relay = await TestRelay.start(t, { groups: { ...groups, ids } }, t.testdir({ [groups.creation]: {} }));
    const member = await relay.member(device);
    await member.push(device.items(1));
    await relay.member(device.sibling());
    const stranger = await relay.connect();
    stranger.send(stranger.helloBody(new Device()));
    t.equal(await stranger.closed(), UNAUTHORIZED, 'another group is not');
  }
});

t.test('SE-13 groups.created_per_hour_per_address limits creation, not joining', async (t) => {
  const relay = await TestRelay.start(t, { groups: { created_per_hour_per_address: 2 } });
  const first = new Device();
  await relay.member(first);
  await relay.member(new Device());
  const third = await relay.connect();
  third.send(third.helloBody(new Device()));
  t.equal(await third.closed(), UNAUTHORIZED);
  await relay.member(first.sibling());
  await relay.member(new Device(), '192.0.2.2');
});

t.test(
  'SE-23 finding/R8 SR-003 limits.sessions_per_device_max: a newer session takes the place of the one that was silent longest',
  async (t) => {
    const relay = await TestRelay.start(t, { limits: { sessions_per_device_max: 2 } });
    const device = new Device();
    const first = await relay.member(device);
    const second = await relay.member(device);
    await relay.clock.advance(1000);
    await first.ping();
    const third = await relay.member(device);
    t.equal(await second.expectError(), errors.SESSIONS_EXCEEDED.number, 'the older one was heard later');
    t.equal(await second.closed(), errors.SESSIONS_EXCEEDED.number);
    await first.push(device.items(1));
    await third.ping();
    t.equal(relay.counts.sessions, 2);
  },
);

t.test('SE-23 finding/R8 dead sessions lock no device out, and another device keeps its own', async (t) => {
  const relay = await TestRelay.start(t);
  const device = new Device();
  const sibling = await relay.member(device.sibling());
  const dead = [];
  while (dead.length < SESSIONS_PER_DEVICE_MAX) dead.push(await relay.member(device));
  for (let count = 0; count < SESSIONS_PER_DEVICE_MAX; count += 1) {
    await relay.clock.advance(1);
    const client = await relay.member(device);
    await client.push(device.items(1));
  }
  t.equal(relay.counts.sessions, 1 + SESSIONS_PER_DEVICE_MAX);
  await sibling.ping();
});

t.test('SE-23 lesson/session-token a session that ended on its own makes room once', async (t) => {
  const relay = await TestRelay.start(t, { limits: { sessions_per_device_max: 2 } });
  const device = new Device();
  const first = await relay.member(device);
  const second = await relay.member(device);
  await second.close();
  const third = await relay.member(device);
  await first.ping();
  await third.push(device.items(1));
  t.equal(relay.counts.sessions, 2);
});

t.test('GR-15 groups.devices_max', async (t) => {
  const relay = await TestRelay.start(t, { groups: { devices_max: 2 } });
  const device = new Device();
  await relay.member(device);
  const second = device.sibling();
  const client = await relay.member(second);
  const third = await relay.connect();
  third.send(third.helloBody(device.sibling()));
  t.equal(await third.closed(), errors.DEVICES_EXCEEDED.number);
  client.send({ $case: 'listDevices', value: {} });
  const { version, records } = await client.expectNext('deviceList');
  t.equal(version, 2n);
  t.same(
    records.map(({ body }) => Buffer.from(body)),
    [device, second].map(({ enrolment }) => Buffer.from(enrolment.record?.body ?? [])),
  );
});

t.test('RL-60 HS-21 lesson/relay-key-persists the relay is the same after a restart', async (t) => {
  const directory = t.testdir();
  const first = await TestRelay.start(t, {}, directory);
  const { nodeId, kemHash, signingKey, noise } = first.relay.keys;
  t.same(kemHash, crypto.blake3(noise.publicKeys.mlkem768 ?? new Uint8Array(0)));
  await first.relay.close();
  const second = await TestRelay.start(t, {}, directory);
  t.same(second.relay.keys.nodeId, nodeId);
  t.same(second.relay.keys.kemHash, kemHash);
  t.same(second.relay.keys.signingKey, signingKey);
});
