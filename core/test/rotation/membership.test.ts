import { Membership, type MembershipVerdict, type PastPlace } from '@0k-sync/core/rotation';
import type { RotationBody } from '@0k-sync/generated/wire/rotation';
import fc from 'fast-check';
import t from 'tap';

const [ann, bob, cid, dan, eve] = [1, 2, 3, 4, 5].map((value) => new Uint8Array(32).fill(value)) as [
  Uint8Array,
  Uint8Array,
  Uint8Array,
  Uint8Array,
  Uint8Array,
];
const H = (value: number) => new Uint8Array(32).fill(value);
const NOTHING = new Uint8Array(0);

function body(epoch: number, members: readonly Uint8Array[], removed: RotationBody['removed'] = []): RotationBody {
  const rows = members.map((deviceKey) => ({ deviceKey, welcomeHash: H(0) }));
  const fixed = { groupId: H(0), previous: H(0), authKey: H(0), signer: ann, anchor: H(0), sealedState: NOTHING };
  return { ...fixed, epoch, members: rows, removed };
}

// Dan is left out of epoch 1; Cid is removed by epoch 2 at sequence 5; Eve joins in epoch 2 and is in the list of epoch 3.
const membership = new Membership([
  body(1, [ann, bob, cid]),
  body(2, [ann, bob], [{ deviceKey: cid, sequence: 5n, hash: H(55) }]),
  body(3, [ann, bob, eve]),
]);

function judge(
  senderKey: Uint8Array,
  epoch: number,
  place: Partial<PastPlace> = {},
  isCountersigned = false,
): MembershipVerdict {
  return membership.judge({ epoch, senderKey, sequence: 3, hash: H(33), ...place }, isCountersigned);
}

t.test('RO-05 a device is a member where it is listed, or countersigned in that very epoch', async (t) => {
  t.equal(membership.epoch, 3);
  t.ok(membership.isMember(1, ann, false));
  t.notOk(membership.isMember(1, dan, false), 'left out');
  t.ok(membership.isMember(0, dan, true), 'countersigned in epoch 0');
  t.notOk(membership.isMember(0, ann, false), 'epoch 0 has no list');
  t.notOk(membership.isMember(2, eve, false));
  t.ok(membership.isMember(2, eve, true));
  t.ok(membership.isMember(1, cid, false));
  t.notOk(membership.isMember(2, cid, true), 'removed, with a new record');
  t.notOk(membership.isMember(3, cid, true), 'and later');
  t.notOk(membership.isMember(4, ann, true), 'an epoch that is not proven');
  t.throws(() => new Membership([body(2, [ann])]), TypeError);
});

t.test('RO-06 an envelope of the newest epoch needs a member of it', async (t) => {
  t.equal(judge(ann, 3), 'valid');
  t.equal(judge(dan, 3), 'no-member');
  t.equal(judge(dan, 3, {}, true), 'valid', 'countersigned');
  t.equal(judge(cid, 3, {}, true), 'removed-before');
  t.equal(judge(ann, 4), 'epoch-unknown');
});

t.test('RO-06 an envelope of an older epoch needs a sender that the next one lists', async (t) => {
  for (const epoch of [0, 1, 2]) t.equal(judge(ann, epoch), 'valid', `epoch ${epoch}`);
  t.equal(judge(dan, 0, {}, true), 'no-member', 'left out by the next one');
  t.equal(judge(eve, 2, {}, true), 'valid', 'joined in epoch 2');
  t.equal(judge(eve, 1), 'no-member', 'dated back before it joined');
  t.equal(judge(eve, 0, {}, true), 'no-member');
});

t.test('RO-06 a removed sender counts up to its cut, and in no epoch from its removal on', async (t) => {
  for (const epoch of [0, 1]) {
    t.equal(judge(cid, epoch, { sequence: 4 }), 'valid', 'below the cut');
    t.equal(judge(cid, epoch, { sequence: 5, hash: H(55) }), 'valid', 'at the cut');
    t.equal(judge(cid, epoch, { sequence: 5, hash: H(56) }), 'other-at-cut');
    t.equal(judge(cid, epoch, { sequence: 6, hash: H(55) }), 'beyond-cut');
  }
  for (const epoch of [2, 3]) t.equal(judge(cid, epoch, { sequence: 1 }), 'removed-before');
  const nothing = new Membership([body(1, [ann], [{ deviceKey: bob, sequence: 0n, hash: H(0) }])]);
  t.equal(nothing.judge({ epoch: 0, senderKey: bob, sequence: 1, hash: H(0) }, true), 'beyond-cut', 'nothing counts');
});

t.test('RO-06 a removed device can add nothing, whatever place it claims', async (t) => {
  const place = fc.record({
    epoch: fc.nat({ max: 5 }),
    sequence: fc.integer({ min: 1, max: 2 ** 53 - 1 }),
    hash: fc.uint8Array({ minLength: 32, maxLength: 32 }),
  });
  fc.assert(
    fc.property(place, fc.boolean(), (claimed, isCountersigned) => {
      const verdict = membership.judge({ ...claimed, senderKey: cid }, isCountersigned);
      return verdict !== 'valid' || (claimed.epoch < 2 && claimed.sequence < 5);
    }),
    { numRuns: 1000, seed: 41 },
  );
  t.pass('1,000 places');
});
