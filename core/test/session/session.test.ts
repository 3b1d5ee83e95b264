import { nobleCrypto as crypto } from '@0k-sync/core/crypto';
import { createMemberRecord, DeviceKeys, EpochKeys } from '@0k-sync/core/group';
import type { HelloCommand } from '@0k-sync/core/session';
import { errors } from '@0k-sync/generated/errors';
import { FRAME_BYTES_MAX } from '@0k-sync/generated/limits';
import { deterministicRandom } from '@0k-sync/testkit/crypto';
import { helloAck } from '@0k-sync/testkit/harness';
import { frameSamples } from '@0k-sync/testkit/samples';
import { byteByByte, inPieces, whole } from '@0k-sync/testkit/wire';
import t from 'tap';
import { device, enrolment, epoch, helloCommand, Pair } from './harness.ts';

const random = deterministicRandom('session.test');
const { pull, push, pushAck, page, subscribe, deliver, listDevices, deviceList, mailboxClaim, mailboxPut } =
  frameSamples.full;

t.test('SE-30 SE-31 SE-32 SE-70 SE-71 SE-73 a session is let in, however bytes arrive', async (t) => {
  for (const suite of ['classical', 'hybrid'] as const) {
    for (const cut of [whole, byteByByte, inPieces(7)]) {
      const pair = new Pair({ suite, cut }).enter();
      t.strictSame([pair.client.state, pair.relay.state], ['ready', 'ready']);
      t.strictSame(pair.clientTypes(), ['channel', 'ready']);
      const { groupId, deviceKey } = device;
      t.match(pair.relayEvents, [{ type: 'hello', hello: { groupId, deviceKey, accessToken: '', enrolment } }]);
    }
  }
});

t.test('SE-16 what a relay claims is clamped to the spec', async (t) => {
  const pair = new Pair().enter();
  const [, ready] = pair.clientEvents;
  if (ready?.type !== 'ready') throw new TypeError('ready');
  t.strictSame(ready.limits, {
    frameBytesMax: 1024 * 1024,
    ciphertextBytesMax: 262_160,
    requestsInFlightMax: 4,
    pushItemsMax: 1,
    pageBytesMax: 1,
    creditBytesMax: 1,
  });
});

t.test('SE-04 SE-05 SE-06 SE-34 SE-37 SE-79 requests are pipelined, in order, and answered by number', async (t) => {
  const pair = new Pair().enter();
  const ids = [pull, push, listDevices].map((body) => pair.client.request(body));
  t.equal(new Set(ids).size, 3);
  t.equal(pair.client.requestsInFlight, 3);
  pair.run();
  t.strictSame(
    pair.requests().map(({ requestId, body }) => [requestId, body.$case]),
    [
      [ids[0], 'pull'],
      [ids[1], 'push'],
      [ids[2], 'listDevices'],
    ],
  );
  t.strictSame(pair.requests()[1]?.body, push, 'a push arrives as it was');
  pair.relay.answer(ids[2] ?? 0, deviceList);
  pair.relay.answer(ids[0] ?? 0, page);
  pair.relay.answer(ids[1] ?? 0, pushAck);
  pair.run();
  const answers = pair.clientEvents.flatMap((event) =>
    event.type === 'answer' ? [[event.requestId, event.body.$case]] : [],
  );
  t.strictSame(answers, [
    [ids[2], 'deviceList'],
    [ids[0], 'page'],
    [ids[1], 'pushAck'],
  ]);
  t.equal(pair.client.requestsInFlight, 0);
  pair.relay.answer(ids[0] ?? 0, page);
  pair.run();
  t.equal(pair.client.state, 'ready', 'a second answer of the shell is dropped, not sent');
});

t.test('WI-07 what is said in one turn leaves as few records', async (t) => {
  const pair = new Pair().enter();
  const ids = Array.from({ length: 40 }, () => pair.client.request(pull));
  const before = pair.sentByClient.length;
  pair.run();
  t.equal(pair.sentByClient.length, before + 1, 'one write');
  for (const id of ids) pair.relay.answer(id, page);
  const outputs = pair.relay.takeOutputs();
  t.strictSame(
    outputs.map(({ type }) => type),
    ['send'],
  );
  const bytes = outputs[0]?.type === 'send' ? outputs[0].bytes : new Uint8Array(0);
  t.equal(2 + ((bytes[0] ?? 0) << 8) + (bytes[1] ?? 0), bytes.length, 'one record');
});

t.test('SE-39 RL-44 a subscription is answered by its first Deliver and goes on', async (t) => {
  const pair = new Pair().enter();
  const id = pair.client.request(subscribe);
  pair.run();
  t.equal(pair.relay.subscription, id);
  for (let count = 0; count < 3; count += 1) pair.relay.deliver(deliver.value);
  pair.run();
  t.equal(pair.clientEvents.filter(({ type }) => type === 'delivery').length, 3);
  t.throws(() => pair.client.request(subscribe), TypeError);
  t.not(pair.client.request(pull), id, 'its number stays taken');
});

t.test('SE-03 SE-42 lesson/typed-refusal a refusal names its request and the session goes on', async (t) => {
  const pair = new Pair().enter();
  const id = pair.client.request(push);
  pair.run();
  pair.relay.refuse(id, { error: 'GROUP_QUOTA_EXCEEDED', retryAfterMs: 500 });
  pair.run();
  t.match(pair.clientEvents.at(-1), {
    type: 'refused',
    requestId: id,
    error: 'GROUP_QUOTA_EXCEEDED',
    remote: { retryAfterMs: 500n },
  });
  t.strictSame([pair.client.state, pair.relay.state], ['ready', 'ready']);
  const subscription = pair.client.request(subscribe);
  pair.run();
  pair.relay.refuse(subscription, { error: 'ROLLED_BACK' });
  pair.run();
  t.equal(pair.relay.subscription, 0);
  pair.client.request(subscribe);
  pair.run();
  t.equal(pair.client.state, 'ready', 'after a refused Subscribe another may come');
});

t.test('SE-07 SE-55 SE-103 a fatal Error is sent before the close, and the close has its number', async (t) => {
  const pair = new Pair().enter();
  const id = pair.client.request(push);
  pair.run();
  pair.relay.refuse(id, { error: 'RELAY_OVERLOADED', detail: 'full' });
  pair.run();
  t.equal(pair.relayCloseCode, errors.RELAY_OVERLOADED.number);
  t.match(pair.clientEvents.at(-1), { type: 'closed', error: 'RELAY_OVERLOADED', remote: { detail: 'full' } });
  t.equal(pair.clientCloseCode, 0, 'the client has nothing to complain about');
});

t.test('ER-03 SE-10 SE-11 SE-12 SE-14 SE-74 a Hello that does not verify is refused alike', async (t) => {
  const foreign = EpochKeys.create(crypto, random);
  const foreignDevice = new DeviceKeys(crypto, random(32), foreign.groupId);
  const otherDevice = new DeviceKeys(crypto, random(32), epoch.groupId);
  const later = new EpochKeys(crypto, random(32), 1, epoch.groupId);
  const cases: Record<string, Partial<HelloCommand>> = {
    'signed by another': { sign: (message) => otherDevice.sign(message) },
    'signed for another session': { sign: () => device.sign(random(64)) },
    'another group': { groupId: foreign.groupId },
    'a record of another device': {
      enrolment: { record: createMemberRecord(otherDevice, epoch), authKey: epoch.authKey },
    },
    'a record of another group': {
      enrolment: { record: createMemberRecord(foreignDevice, foreign), authKey: foreign.authKey },
    },
    'an auth key that does not hash to the group': { enrolment: { ...enrolment, authKey: foreign.authKey } },
    'a record of a later epoch': { enrolment: { record: createMemberRecord(device, later), authKey: epoch.authKey } },
    'a later epoch’s auth key': { enrolment: { record: createMemberRecord(device, later), authKey: later.authKey } },
    'a record with a wrong signature': {
      enrolment: { ...enrolment, record: { ...enrolment.record, authSignature: random(64) } },
    },
  };
  const seen = new Set<string>();
  for (const [what, change] of Object.entries(cases)) {
    const pair = new Pair().open();
    pair.client.hello({ ...helloCommand, ...change });
    pair.run();
    t.strictSame(pair.relayTypes(), ['closed'], what);
    t.equal(pair.relayCloseCode, errors.UNAUTHORIZED.number);
    const [, closed] = pair.clientEvents;
    t.match(closed, { type: 'closed', error: 'UNAUTHORIZED' });
    seen.add(JSON.stringify(closed, (_, value) => (typeof value === 'bigint' ? String(value) : value)));
  }
  t.equal(seen.size, 1, 'ER-03: nothing tells one reason from another');
  const stranger = new Pair().open();
  stranger.client.hello({ ...helloCommand, enrolment: undefined });
  stranger.run();
  stranger.relay.refuseHello({ error: 'UNAUTHORIZED' });
  stranger.run();
  const [, closed] = stranger.clientEvents;
  seen.add(JSON.stringify(closed, (_, value) => (typeof value === 'bigint' ? String(value) : value)));
  t.equal(seen.size, 1, 'SE-14: nor an unknown device from a bad signature');
});

t.test('SE-10 lesson/replay a Hello of one session is worth nothing in another', async (t) => {
  const first = new Pair().open();
  let signature = new Uint8Array(64);
  first.client.hello({ ...helloCommand, sign: (message) => (signature = Uint8Array.from(device.sign(message))) });
  first.run();
  t.equal(first.relay.state, 'authorizing');
  const second = new Pair().open();
  second.client.hello({ ...helloCommand, sign: () => signature });
  second.run();
  t.equal(second.relayCloseCode, errors.UNAUTHORIZED.number);
});

t.test('SE-20 SE-38 SE-48 SE-49 SE-53 SE-85 SE-87 SE-89 Bye lets what was begun finish', async (t) => {
  const pair = new Pair().enter();
  const id = pair.client.request(push);
  pair.client.bye(pair.now);
  pair.run();
  t.strictSame([pair.client.state, pair.relay.state], ['leaving', 'finishing']);
  t.notOk(pair.relayEnded);
  pair.relay.answer(id, pushAck);
  pair.run();
  t.equal(pair.relay.state, 'closed');
  t.ok(pair.relayEnded);
  t.equal(pair.relayCloseCode, 0);
  t.match(pair.clientEvents.at(-1), { type: 'answer', requestId: id });
  pair.client.ended(pair.now);
  pair.run();
  t.match(pair.clientEvents.at(-1), { type: 'closed', error: undefined, remote: undefined });
  const idle = new Pair().open();
  idle.client.bye(idle.now);
  idle.run();
  t.equal(idle.relayCloseCode, 0, 'SE-85: also before Hello');
});

t.test('SE-51 SE-52 Bye before the session is ready closes', async (t) => {
  const early = new Pair();
  early.client.start();
  early.client.bye(early.now);
  early.run();
  t.equal(early.clientCloseCode, 0);
  const greeting = new Pair().open();
  greeting.client.hello(helloCommand);
  greeting.client.bye(greeting.now);
  greeting.run();
  t.equal(greeting.clientCloseCode, 0);
});

t.test('SE-54 SE-102 WI-12 a stream that ends without Bye is truncated', async (t) => {
  const pair = new Pair().enter();
  pair.client.ended(pair.now);
  pair.relay.ended(pair.now);
  pair.run();
  t.match(pair.clientEvents.at(-1), { type: 'closed', error: 'STREAM_TRUNCATED' });
  t.match(pair.relayEvents.at(-1), { type: 'closed', error: 'STREAM_TRUNCATED' });
  const leaving = new Pair().enter();
  leaving.client.request(pull);
  leaving.client.bye(leaving.now);
  leaving.run();
  leaving.tamperToClient = (bytes) => [bytes.subarray(0, -1)];
  leaving.relay.answer(leaving.requests()[0]?.requestId ?? 0, page);
  leaving.run();
  leaving.client.ended(leaving.now);
  leaving.run();
  t.match(
    leaving.clientEvents.at(-1),
    { type: 'closed', error: 'STREAM_TRUNCATED' },
    'inside a record, also after Bye',
  );
});

t.test('SE-58 SE-59 F-018 commands out of turn are the caller’s mistake', async (t) => {
  const pair = new Pair();
  t.throws(() => pair.client.hello(helloCommand), TypeError);
  t.throws(() => pair.client.request(pull), TypeError);
  pair.open();
  t.throws(() => pair.client.request(push), TypeError, 'a stranger pushes nothing');
  pair.client.hello(helloCommand);
  t.throws(() => pair.client.hello(helloCommand), TypeError);
  t.throws(() => pair.client.request(mailboxClaim), TypeError);
  pair.run();
  pair.relay.acceptHello(helloAck);
  pair.run();
  t.throws(() => pair.client.request(mailboxClaim), TypeError, 'a member claims nothing');
  t.throws(() => pair.client.request(frameSamples.full.hello), TypeError);
  t.throws(() => pair.client.request(frameSamples.full.bye), TypeError);
  t.throws(() => pair.client.request(page), TypeError);
  pair.client.bye(pair.now);
  t.throws(() => pair.client.request(pull), TypeError);
  pair.run();
  pair.client.ended(pair.now);
  pair.run();
  t.throws(() => pair.client.request(pull), TypeError);
  t.throws(() => pair.client.hello(helloCommand), TypeError);
});

t.test('SE-05 LI-01 a request that is too large is the caller’s mistake, and none in flight', async (t) => {
  const pair = new Pair().enter();
  const payload = new Uint8Array(FRAME_BYTES_MAX);
  t.throws(() => pair.client.request({ ...mailboxPut, value: { ...mailboxPut.value, payload } }), RangeError);
  t.equal(pair.client.requestsInFlight, 0);
});
