import { toHex } from '@0k-sync/core/bytes';
import { DeviceKeys, EpochKeys } from '@0k-sync/core/group';
import { isMember, makeRotation, type RotationFlaw, rotationHash, verifyRotation } from '@0k-sync/core/rotation';
import type { Rotation, RotationBody } from '@0k-sync/generated/wire/rotation';
import fc from 'fast-check';
import t from 'tap';
import { crypto, cutOf, random, resigned, TestGroup } from './fixture.ts';

const group = new TestGroup(4);
const [ann, bob, cid, dan] = group.devices as [DeviceKeys, DeviceKeys, DeviceKeys, DeviceKeys];
// Epoch 1 leaves Dan out, epoch 2 removes Cid; the next rotation begins epoch 3.
group.rotate({ members: [ann, bob, cid] });
group.rotate({ members: [ann, bob], removed: [cutOf(cid)] });
const eve = group.join();
const { position, keys } = group;
const countersigned = group.countersigned(position);
const twin = group.propose({ members: [ann, bob, eve], by: bob }).rotation;
const stranger = new DeviceKeys(crypto, random(32), group.groupId);

function flawOf(rotation: Rotation, from = position, signed = countersigned): RotationFlaw | undefined {
  const verified = verifyRotation(crypto, from, rotation, signed);
  if (verified.ok) return undefined;
  t.equal(verified.error, 'ROTATION_INVALID');
  return verified.flaw;
}

/** The flaw of the twin after a change that both keys signed. */
function flawAfter(
  change: (body: RotationBody) => Partial<RotationBody>,
  by = bob,
  signedBy = keys,
): RotationFlaw | undefined {
  return flawOf(resigned(twin, { keys: signedBy, by }, (body) => ({ ...body, ...change(body) })));
}

const listed = (...devices: readonly DeviceKeys[]) =>
  devices
    .map(({ deviceKey }) => ({ deviceKey, welcomeHash: new Uint8Array(32) }))
    .sort((a, b) => Buffer.compare(a.deviceKey, b.deviceKey));

t.test('RO-01 RO-02 a rotation that continues the chain verifies', async (t) => {
  const verified = verifyRotation(crypto, position, twin, countersigned);
  t.match(verified, { ok: true, body: { epoch: 3, signer: bob.deviceKey, previous: position.hash } });
  t.strictSame(verified.ok && verified.hash, rotationHash(crypto, twin.body));
  t.equal(
    flawAfter(() => ({})),
    undefined,
    'signed again by the same keys',
  );
});

t.test('RO-01 a rotation of another place is refused', async (t) => {
  t.equal(
    flawAfter(() => ({ groupId: random(32) })),
    'group',
  );
  t.equal(
    flawAfter(() => ({ epoch: 2 })),
    'epoch',
    'the newest one again',
  );
  t.equal(
    flawAfter(() => ({ epoch: 4 })),
    'epoch',
    'one is missing',
  );
  t.equal(
    flawAfter(() => ({ previous: random(32) })),
    'previous',
  );
  t.equal(
    flawAfter(() => ({ epoch: 0 })),
    'form',
  );
  const [old] = group.rotations;
  if (old !== undefined) t.equal(flawOf(old), 'epoch', 'an older rotation again');
});

t.test('RO-01 the signer is a member of both epochs', async (t) => {
  t.equal(
    flawAfter(() => ({ signer: stranger.deviceKey }), stranger),
    'signer',
    'a stranger with the auth key',
  );
  t.equal(
    flawAfter(() => ({ signer: cid.deviceKey }), cid),
    'signer',
    'a removed device',
  );
  t.equal(
    flawAfter(() => ({ signer: dan.deviceKey }), dan),
    'signer',
    'one that was left out',
  );
  t.equal(
    flawAfter(() => ({ signer: eve.deviceKey, members: listed(ann, bob) }), eve),
    'signer',
    'one that goes',
  );
  t.equal(
    flawAfter(() => ({ signer: eve.deviceKey }), eve),
    undefined,
    'one that just came',
  );
});

t.test('RO-01 both signatures are by the right keys, and cover the bytes', async (t) => {
  t.equal(
    flawAfter(() => ({}), ann),
    'device-signature',
    'by another member',
  );
  t.equal(
    flawAfter(() => ({}), bob, group.first),
    'auth-signature',
    'by an older auth key',
  );
  const stale = new EpochKeys(crypto, random(32), 2, group.groupId);
  t.equal(
    flawAfter(() => ({}), bob, stale),
    'auth-signature',
    'by a made up auth key',
  );
  const swapped = { ...twin, authSignature: twin.deviceSignature, deviceSignature: twin.authSignature };
  t.equal(flawOf(swapped), 'auth-signature');
  const other = group.propose({ members: [ann, bob, eve], by: bob }).rotation;
  t.equal(flawOf({ ...twin, authSignature: other.authSignature }), 'auth-signature');
  t.equal(flawOf({ ...twin, deviceSignature: other.deviceSignature }), 'device-signature');
});

t.test('RO-02 nobody becomes a member who was none, or who was removed', async (t) => {
  t.equal(
    flawAfter(() => ({ members: listed(ann, bob, stranger) })),
    'members',
    'a stranger',
  );
  t.equal(
    flawAfter(() => ({ members: listed(ann, bob, dan) })),
    'members',
    'one that was left out',
  );
  t.equal(
    flawAfter(() => ({ members: listed(ann, bob, cid) })),
    'members',
    'one that was removed',
  );
  const again = new Set([...countersigned, toHex(cid.deviceKey)]);
  const back = resigned(twin, { keys, by: bob }, (body) => ({ ...body, members: listed(ann, bob, cid) }));
  t.equal(flawOf(back, position, again), 'members', 'one that was removed and has a new record');
  const returned = new Set([...countersigned, toHex(dan.deviceKey)]);
  const joined = resigned(twin, { keys, by: bob }, (body) => ({ ...body, members: listed(ann, bob, dan) }));
  t.equal(flawOf(joined, position, returned), undefined, 'one that was left out, and joined again');
});

t.test('RO-02 only who was a member can be removed, and once', async (t) => {
  const removing = (device: DeviceKeys) => flawAfter(() => ({ members: listed(bob), removed: [cutOf(device)] }));
  t.equal(removing(stranger), 'removed', 'a stranger');
  t.equal(removing(cid), 'removed', 'one that was removed');
  t.equal(removing(ann), undefined, 'a member');
  t.equal(removing(eve), undefined, 'one that just came');
  t.equal(removing(dan), undefined, 'one that was left out');
  t.equal(
    flawAfter(() => ({ removed: [cutOf(ann)] })),
    'form',
    'in both lists',
  );
});

t.test('RO-01 RO-16 no flipped bit of a rotation verifies', async (t) => {
  const parts = ['body', 'authSignature', 'deviceSignature'] as const;
  fc.assert(
    fc.property(fc.constantFrom(...parts), fc.nat(), fc.nat({ max: 7 }), (part, at, bit) => {
      const bytes = twin[part];
      const index = at % bytes.length;
      const changed = { ...twin, [part]: bytes.with(index, (bytes[index] ?? 0) ^ (1 << bit)) };
      return !verifyRotation(crypto, position, changed, countersigned).ok;
    }),
    { numRuns: 300, seed: 21 },
  );
  t.pass('300 flips');
});

t.test('RO-05 a member is listed, or countersigned in this very epoch and never removed', async (t) => {
  t.ok(isMember(position, countersigned, ann.deviceKey));
  t.ok(isMember(position, countersigned, eve.deviceKey), 'countersigned');
  t.notOk(isMember(position, countersigned, dan.deviceKey), 'left out');
  t.notOk(isMember(position, new Set([toHex(cid.deviceKey)]), cid.deviceKey), 'removed, with a new record');
  t.notOk(isMember(position, new Set(), eve.deviceKey));
});

t.test('RO-01 RO-15 a plan that no reader would take is the caller’s mistake', async (t) => {
  const plan = { device: bob, keys, position, members: [ann, bob], removed: [], relays: group.relays };
  const make = (change: object) => () => makeRotation(crypto, random, { ...plan, ...change });
  t.doesNotThrow(make({}));
  t.throws(make({ members: [ann] }), TypeError, 'without its maker');
  t.throws(make({ members: [ann, bob, ann] }), TypeError, 'one twice');
  t.throws(make({ removed: [cutOf(ann)] }), TypeError, 'stays and leaves');
  t.throws(make({ keys: group.first }), TypeError, 'keys of another epoch');
  t.throws(make({ relays: [] }), TypeError, 'no relay');
});
