import { concat, u32, utf8 } from '@0k-sync/core/bytes';
import { pad } from '@0k-sync/core/envelope';
import { EpochKeys } from '@0k-sync/core/group';
import { openGroupState, openRotation, sealGroupState } from '@0k-sync/core/rotation';
import { RELAYS_MAX, SEALED_STATE_BYTES_MAX } from '@0k-sync/generated/limits';
import { GroupState, RotationBody } from '@0k-sync/generated/wire/rotation';
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import fc from 'fast-check';
import t from 'tap';
import { crypto, random, TestAnchor, TestGroup } from './fixture.ts';

const group = new TestGroup(2);
const { keys, rotation } = group.rotate();
const body = RotationBody.decode(rotation.body);
const state = { previousSecret: group.first.exportSecret(), relays: [...group.relays] };

/** Seals any bytes as a state of the body's epoch. */
function withPlaintext(padded: Uint8Array): RotationBody {
  const key = keys.deriveKey('0k-sync/v1/rotation-state');
  const nonce = random(24);
  const ad = concat(body.groupId, u32(1), body.previous);
  return { ...body, sealedState: concat(nonce, crypto.xchachaSeal(key, nonce, ad, padded)) };
}

const withState = (content: GroupState) => withPlaintext(pad(GroupState.encode(content).finish()));

t.test('RO-19 OV-43 a state opens with the keys of its epoch', async (t) => {
  t.strictSame(openGroupState(crypto, keys, body), state);
  const info = concat(utf8('0k-sync/v1/rotation-state'), body.groupId, u32(1));
  const key = hkdf(sha256, keys.exportSecret(), new Uint8Array(0), info, 32);
  const ad = concat(body.groupId, u32(1), body.previous);
  const opened = xchacha20poly1305(key, body.sealedState.slice(0, 24), ad).decrypt(body.sealedState.slice(24));
  const plaintext = GroupState.encode(state).finish();
  t.strictSame(opened.slice(0, 4 + plaintext.length), concat(u32(plaintext.length), plaintext));
  t.strictSame(openGroupState(crypto, keys, withState(state)), state, 'sealed by another hand');
});

t.test('RO-19 the largest state fits', async (t) => {
  const pin = { ...new TestAnchor('x').pin, address: `${'a'.repeat(257)}:4433` };
  const relays = Array.from({ length: RELAYS_MAX }, () => pin);
  const sealed = sealGroupState(crypto, random, keys, body.previous, { ...state, relays });
  t.ok(sealed.length <= SEALED_STATE_BYTES_MAX, `${sealed.length} bytes`);
  t.ok(openGroupState(crypto, keys, { ...body, anchor: pin.nodeId, sealedState: sealed }));
});

t.test('RO-19 a state that breaks a rule does not open', async (t) => {
  const [anchor, second] = group.relays;
  if (anchor === undefined || second === undefined) throw new TypeError('two relays');
  const unsigned = { ...anchor, signingKey: new Uint8Array(0) };
  const faults: Record<string, RotationBody> = {
    'another group': { ...body, groupId: random(32) },
    'another epoch': { ...body, epoch: 2 },
    'another previous': { ...body, previous: random(32) },
    'another anchor': { ...body, anchor: second.nodeId },
    'no relay': withState({ ...state, relays: [] }),
    'an anchor without signing key': withState({ ...state, relays: [unsigned] }),
    'another relay first': withState({ ...state, relays: [second, anchor] }),
    'too many relays': withState({ ...state, relays: Array.from({ length: RELAYS_MAX + 1 }, () => anchor) }),
    'a short secret': withState({ ...state, previousSecret: state.previousSecret.subarray(1) }),
    'no padding': withPlaintext(GroupState.encode(state).finish()),
    'a padding byte that is not zero': withPlaintext(
      pad(GroupState.encode({ ...state, relays: [anchor] }).finish()).with(-1, 1),
    ),
    'no message': withPlaintext(pad(Uint8Array.of(0xff))),
    'only a nonce': { ...body, sealedState: body.sealedState.subarray(0, 24) },
    empty: { ...body, sealedState: new Uint8Array(0) },
  };
  for (const [what, fault] of Object.entries(faults)) t.equal(openGroupState(crypto, keys, fault), undefined, what);
  t.throws(() => sealGroupState(crypto, random, keys, body.previous, { ...state, relays: [unsigned] }), TypeError);
});

t.test('RO-19 no flipped bit opens', async (t) => {
  fc.assert(
    fc.property(fc.nat({ max: body.sealedState.length - 1 }), fc.nat({ max: 7 }), (at, bit) => {
      const sealedState = body.sealedState.with(at, (body.sealedState[at] ?? 0) ^ (1 << bit));
      return openGroupState(crypto, keys, { ...body, sealedState }) === undefined;
    }),
    { numRuns: 200, seed: 5 },
  );
  t.pass('200 flips');
});

t.test('RO-04 GR-05 a rotation opens only when both secrets give the auth keys', async (t) => {
  const opened = openRotation(crypto, keys, body, group.first.authKey);
  t.strictSame(opened?.previous.exportSecret(), group.first.exportSecret());
  t.strictSame(opened?.relays, group.relays);
  t.equal(openRotation(crypto, keys, body, keys.authKey), undefined, 'another auth key before');
  t.equal(
    openRotation(crypto, keys, { ...body, authKey: random(32) }, group.first.authKey),
    undefined,
    'another auth key',
  );
  const stranger = new EpochKeys(crypto, random(32), 1, body.groupId);
  t.equal(openRotation(crypto, stranger, body, group.first.authKey), undefined, 'another secret');
  const lying = withState({ ...state, previousSecret: random(32) });
  t.equal(openRotation(crypto, keys, lying, group.first.authKey), undefined, 'another secret before');
});
