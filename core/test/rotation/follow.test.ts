import { zBase32 } from '@0k-sync/core/bytes';
import type { DeviceKeys } from '@0k-sync/core/group';
import { Machine } from '@0k-sync/core/machine';
import {
  advance,
  type Follower,
  followRotations,
  isAnchorFork,
  openHistory,
  rotationCode,
  startOfChain,
  type VerifiedRotation,
  verifyRotation,
} from '@0k-sync/core/rotation';
import { epoch as epochMachine } from '@0k-sync/generated/machines/epoch';
import { type Rotation, RotationBody } from '@0k-sync/generated/wire/rotation';
import fc from 'fast-check';
import t from 'tap';
import { crypto, cutOf, random, resigned, TestAnchor, TestGroup } from './fixture.ts';

/** A group of four, and the follower of a device that is still in epoch 0. */
function start() {
  const group = new TestGroup(4);
  const { relays } = group;
  const [ann, bob, cid, dan] = group.devices as [DeviceKeys, DeviceKeys, DeviceKeys, DeviceKeys];
  const follower = (device: DeviceKeys): Follower => ({
    device,
    position: startOfChain(group.groupId, group.first.authKey),
    relays,
    countersigned: group.countersigned,
  });
  return { group, ann, bob, cid, dan, follower };
}

/** The welcome of a device in the rotation to an epoch. */
function welcomeOf(group: TestGroup, epoch: number, { deviceKey }: DeviceKeys): Uint8Array | undefined {
  const proposed = group.proposals[epoch - 1];
  const { members } = RotationBody.decode(proposed?.rotation.body ?? new Uint8Array(0));
  return proposed?.welcomes[members.findIndex((member) => Buffer.compare(member.deviceKey, deviceKey) === 0)];
}

function follow(follower: Follower, rotations: readonly Rotation[], welcome?: Uint8Array) {
  const followed = followRotations(crypto, follower, rotations, welcome);
  if (!followed.ok) throw new TypeError(followed.detail);
  return followed;
}

t.test('RO-04 RO-40 a member takes the new epoch', async (t) => {
  const { group, bob, cid, follower } = start();
  const { rotation, keys, hash } = group.rotate({ members: group.devices.slice(0, 2), removed: [cutOf(cid)] });
  const { event, opened, position } = follow(follower(bob), [rotation], welcomeOf(group, 1, bob));
  t.equal(event, 'rotated');
  t.strictSame(
    opened.map((epoch) => [epoch.keys.epoch, epoch.keys.exportSecret(), epoch.relays, epoch.hash]),
    [[1, keys.exportSecret(), group.relays, hash]],
  );
  t.strictSame(position, group.position);
});

t.test('RO-04 one welcome opens all history, with a move to another relay on the way', async (t) => {
  const { group, bob, follower } = start();
  const next = new TestAnchor('next');
  group.rotate();
  group.rotate({ relays: [next.pin, group.anchor.pin] });
  group.rotate({}, next);
  const { event, opened, position } = follow(follower(bob), group.rotations, welcomeOf(group, 3, bob));
  t.equal(event, 'rotated');
  t.strictSame(
    opened.map(({ keys }) => keys.exportSecret()),
    group.proposals.map(({ keys }) => keys.exportSecret()),
  );
  t.strictSame(position, group.position);
  const { countersigned } = group;
  let at = startOfChain(group.groupId, group.first.authKey);
  const chain = group.rotations.map((rotation) => {
    const verified = verifyRotation(crypto, at, rotation, countersigned(at)) as VerifiedRotation;
    at = advance(at, verified, countersigned(at));
    return verified;
  });
  const base = startOfChain(group.groupId, group.first.authKey);
  const history = openHistory(crypto, base, chain, group.keys);
  t.strictSame(history?.base.exportSecret(), group.first.exportSecret(), 'down to epoch 0');
});

t.test('RO-03 RO-46 without a receipt of the anchor a rotation is a proposal', async (t) => {
  const { group, bob, follower } = start();
  const { rotation } = group.rotate();
  const welcome = welcomeOf(group, 1, bob);
  const other = group.propose().rotation;
  const receipts = {
    none: new Uint8Array(0),
    'by a stranger': new TestAnchor('stranger').receipt(rotation).receipt,
    'for another rotation': group.anchor.receipt(other).receipt,
    'with a flipped bit': rotation.receipt.with(3, (rotation.receipt[3] ?? 0) ^ 1),
    'the auth signature': rotation.authSignature,
  };
  for (const [what, receipt] of Object.entries(receipts)) {
    const followed = follow(follower(bob), [{ ...rotation, receipt }], welcome);
    t.match(followed, { event: 'proposed', opened: [] }, what);
    t.equal(followed.position.epoch, 0, what);
  }
});

t.test('RO-03 a later rotation needs the receipt of the anchor of its own time', async (t) => {
  const { group, bob, follower } = start();
  const next = new TestAnchor('next');
  group.rotate({ relays: [next.pin] });
  const { rotation } = group.rotate({}, next);
  const welcome = welcomeOf(group, 2, bob);
  const [first] = group.rotations as [Rotation];
  const old = follow(follower(bob), [first, group.anchor.receipt(rotation)], welcome);
  t.equal(old.event, 'proposed', 'by the anchor before the move');
  t.equal(old.position.epoch, 1, 'the first one counts');
  t.strictSame(
    old.opened.map(({ keys }) => keys.epoch),
    [1],
  );
  t.equal(follow(follower(bob), [first, rotation], welcome).event, 'rotated');
});

t.test('RO-04 RO-41 a welcome that is missing or bad leaves the device waiting', async (t) => {
  const { group, ann, bob, follower } = start();
  const { rotation } = group.rotate();
  const welcome = welcomeOf(group, 1, bob) ?? new Uint8Array(0);
  const bad = {
    missing: undefined,
    'of another member': welcomeOf(group, 1, ann),
    changed: welcome.with(5, (welcome[5] ?? 0) ^ 1),
    rubbish: random(1168),
    empty: new Uint8Array(0),
  };
  for (const [what, given] of Object.entries(bad)) {
    const followed = follow(follower(bob), [rotation], given);
    t.match(followed, { event: 'welcome-bad', opened: [] }, what);
    t.equal(followed.position.epoch, 0, what);
  }
  const body = (change: (body: RotationBody) => RotationBody) =>
    group.anchor.receipt(resigned(rotation, { keys: group.first, by: ann }, change));
  const lies = {
    'another auth key': body((honest) => ({ ...honest, authKey: random(32) })),
    'a state that does not open': body((honest) => ({ ...honest, sealedState: random(300) })),
    'another anchor than the state names': body((honest) => ({ ...honest, anchor: random(32) })),
  };
  for (const [what, lie] of Object.entries(lies))
    t.equal(follow(follower(bob), [lie], welcome).event, 'welcome-bad', what);
});

t.test('RO-42 the next rotation by anybody heals a device that waits', async (t) => {
  const { group, ann, bob, follower } = start();
  group.rotate();
  group.rotate({ by: ann });
  const { event, opened } = follow(follower(bob), group.rotations, welcomeOf(group, 2, bob));
  t.equal(event, 'rotated');
  t.equal(opened.length, 2);
});

t.test('RO-44 RO-45 a device learns that it was removed, or left out, from what is receipted alone', async (t) => {
  const { group, ann, bob, cid, dan, follower } = start();
  const { rotation } = group.rotate({ members: [ann, bob], removed: [cutOf(cid)] });
  t.equal(follow(follower(cid), [rotation]).event, 'removed');
  t.equal(follow(follower(dan), [rotation]).event, 'left-out');
  const unreceipted = { ...rotation, receipt: new Uint8Array(0) };
  t.equal(follow(follower(cid), [unreceipted]).event, 'proposed');
  t.equal(follow(follower(dan), [unreceipted]).event, 'proposed');
  group.rotate({ members: [ann], removed: [cutOf(bob)] });
  const late = follow(follower(bob), group.rotations, welcomeOf(group, 1, bob));
  t.match(late, { event: 'removed', rotation: { body: { epoch: 2 } } }, 'after it took epoch 1');
  t.strictSame(
    late.opened.map(({ keys }) => keys.epoch),
    [1],
  );
});

t.test('RO-01 one rotation that does not continue the chain refuses them all', async (t) => {
  const { group, bob, follower } = start();
  group.rotate();
  group.rotate();
  const [first, second] = group.rotations as [Rotation, Rotation];
  const welcome = welcomeOf(group, 2, bob);
  for (const rotations of [
    [second],
    [second, first],
    [first, first],
    [first, { ...second, authSignature: first.authSignature }],
  ]) {
    t.match(followRotations(crypto, follower(bob), rotations, welcome), { ok: false, error: 'ROTATION_INVALID' });
  }
  t.throws(() => followRotations(crypto, follower(bob), [], welcome), RangeError);
});

t.test(
  'RO-13 RO-47 a receipt of another relay of the list forces nothing before the user compared the code',
  async (t) => {
    const { group, bob, follower } = start();
    const rescue = new TestAnchor('rescue');
    const relays = [group.anchor.pin, rescue.pin];
    const device = { ...follower(bob), relays };
    const { rotation, hash } = group.rotate({}, rescue);
    const welcome = welcomeOf(group, 1, bob);
    t.match(follow(device, [rotation], welcome), { event: 'forced', opened: [], position: { epoch: 0 } });
    t.equal(rotationCode(hash), zBase32(hash).slice(0, 10));
    t.equal(rotationCode(hash).length, 10);
    t.equal(follow({ ...device, confirmed: random(32) }, [rotation], welcome).event, 'forced', 'another one');
    const confirmed = follow({ ...device, confirmed: hash }, [rotation], welcome);
    t.equal(confirmed.event, 'rotated');
    t.equal(confirmed.position.epoch, 1);
    const stranger = new TestAnchor('stranger').receipt(rotation);
    t.equal(follow({ ...device, confirmed: hash }, [stranger], welcome).event, 'proposed', 'of no relay of the list');
  },
);

t.test('RO-13 RO-48 two receipted rotations of one epoch prove a fork of the anchor', async (t) => {
  const { group, bob, follower } = start();
  const rival = group.anchor.receipt(group.propose({ by: bob }).rotation);
  const { rotation } = group.rotate();
  const { rotation: known } = follow(follower(bob), [rotation], welcomeOf(group, 1, bob));
  const { signingKey } = group.anchor.pin;
  t.ok(isAnchorFork(crypto, known, rival, signingKey));
  t.notOk(isAnchorFork(crypto, known, rotation, signingKey), 'the same one again');
  t.notOk(isAnchorFork(crypto, known, { ...rival, receipt: new Uint8Array(0) }, signingKey), 'a proposal');
  t.notOk(isAnchorFork(crypto, known, rival, random(32)), 'of another relay');
  const later = group.anchor.receipt(group.propose().rotation);
  t.notOk(isAnchorFork(crypto, known, later, signingKey), 'of another epoch');
  const rubbish = group.anchor.receipt({ ...rival, body: random(200) });
  t.notOk(isAnchorFork(crypto, known, rubbish, signingKey), 'no body');
});

t.test('RO-40 to RO-48 the machine of a device’s epoch', async (t) => {
  const rows = [
    ['current', 'rotated', 'current', ['take-epoch', 'judge-held-again', 'seal-unsent-again']],
    ['current', 'welcome-bad', 'waiting', ['hold-cursor', 'report-waiting']],
    ['waiting', 'rotated', 'current', ['take-epoch', 'judge-held-again', 'seal-unsent-again']],
    ['waiting', 'welcome-bad', 'waiting', []],
    ['current', 'removed', 'removed', ['stop-pushing', 'report-removed']],
    ['waiting', 'left-out', 'left-out', ['stop-pushing', 'report-left-out']],
    ['waiting', 'proposed', 'waiting', []],
    ['current', 'forced', 'current', ['ask-user']],
    ['current', 'anchor-forked', 'current', ['report-fork']],
  ] as const;
  for (const [state, event, next, actions] of rows) {
    const machine = new Machine<typeof state | 'removed' | 'left-out', typeof event, string>(epochMachine as never);
    if (state === 'waiting') machine.step('welcome-bad');
    t.equal(machine.state, state);
    t.strictSame(machine.step(event), actions, `${state} ${event}`);
    t.equal(machine.state, next, `${state} ${event}`);
  }
});

t.test('RO-03 RO-04 whatever bit is flipped, a device takes no epoch', async (t) => {
  const { group, bob, follower } = start();
  const { rotation } = group.rotate();
  const welcome = welcomeOf(group, 1, bob) ?? new Uint8Array(0);
  const parts = ['body', 'authSignature', 'deviceSignature', 'receipt', 'welcome'] as const;
  fc.assert(
    fc.property(fc.constantFrom(...parts), fc.nat(), fc.nat({ max: 7 }), (part, at, bit) => {
      const bytes = part === 'welcome' ? welcome : rotation[part];
      const index = at % bytes.length;
      const flipped = bytes.with(index, (bytes[index] ?? 0) ^ (1 << bit));
      const [changed, given] = part === 'welcome' ? [rotation, flipped] : [{ ...rotation, [part]: flipped }, welcome];
      const followed = followRotations(crypto, follower(bob), [changed], given);
      return !followed.ok || (followed.opened.length === 0 && followed.position.epoch === 0);
    }),
    { numRuns: 200, seed: 31 },
  );
  t.pass('200 flips');
});
