import { concat, utf8 } from '@0k-sync/core/bytes';
import { NO_ROTATION, readRotationBody, rotationHash } from '@0k-sync/core/rotation';
import { DEVICES_MAX, ROTATION_BODY_BYTES_MAX, SEALED_STATE_BYTES_MAX } from '@0k-sync/generated/limits';
import { Rotation, RotationBody } from '@0k-sync/generated/wire/rotation';
import { ed25519 } from '@noble/curves/ed25519.js';
import { blake3 } from '@noble/hashes/blake3.js';
import fc from 'fast-check';
import t from 'tap';
import { decodeStrict } from '../../src/wire/index.ts';
import { crypto, cutOf, TestGroup } from './fixture.ts';

const group = new TestGroup();
const [first, second, third] = group.devices;
if (first === undefined || second === undefined || third === undefined) throw new TypeError('three devices');
const { rotation } = group.rotate({ members: [first, second], removed: [cutOf(third, 7n, blake3(utf8('seven')))] });
const body = RotationBody.decode(rotation.body);

function encode(change: Partial<RotationBody>): Uint8Array {
  return RotationBody.encode({ ...body, ...change }).finish();
}

const key = (value: number, last = 0) => new Uint8Array(32).fill(value).with(31, last);
const member = (deviceKey: Uint8Array) => ({ deviceKey, welcomeHash: key(1) });
const cut = (deviceKey: Uint8Array) => ({ deviceKey, sequence: 0n, hash: key(0) });

t.test('RO-15 a body is read as it was written', async (t) => {
  t.strictSame(readRotationBody(rotation.body), body);
  t.equal(body.epoch, 1);
  t.strictSame(body.previous, NO_ROTATION);
  t.strictSame(
    body.removed.map(({ sequence }) => sequence),
    [7n],
  );
});

t.test('RO-15 the largest body fits', async (t) => {
  const rows = Array.from({ length: DEVICES_MAX }, (_, index) => key(index + 1));
  const bytes = encode({
    epoch: 2 ** 32 - 1,
    members: rows.map(member),
    removed: rows.map((one) => ({ ...cut(one.with(31, 9)), sequence: 2n ** 53n - 1n })),
    sealedState: new Uint8Array(SEALED_STATE_BYTES_MAX),
  });
  t.ok(readRotationBody(bytes));
  t.ok(bytes.length <= ROTATION_BODY_BYTES_MAX, `${bytes.length} bytes`);
});

t.test('RO-15 every fault of form is refused', async (t) => {
  const faults: Record<string, Uint8Array> = {
    'epoch 0': encode({ epoch: 0 }),
    'no member': encode({ members: [] }),
    'members descend': encode({ members: [member(key(2)), member(key(1))] }),
    'a member twice': encode({ members: [member(key(1)), member(key(1))] }),
    'members differ in the last byte and descend': encode({ members: [member(key(1, 5)), member(key(1, 4))] }),
    'removed descend': encode({ removed: [cut(key(2)), cut(key(1))] }),
    'removed twice': encode({ removed: [cut(key(1)), cut(key(1))] }),
    'in both lists': encode({ members: [member(key(1)), member(key(2))], removed: [cut(key(2))] }),
    'too many members': encode({ members: Array.from({ length: DEVICES_MAX + 1 }, (_, index) => member(key(index))) }),
    'a short group id': encode({ groupId: key(1).subarray(1) }),
    'a short previous': encode({ previous: key(1).subarray(1) }),
    'no auth key': encode({ authKey: new Uint8Array(0) }),
    'a short anchor': encode({ anchor: key(1).subarray(1) }),
    'a state too long': encode({ sealedState: new Uint8Array(SEALED_STATE_BYTES_MAX + 1) }),
    'an unknown field': concat(rotation.body, Uint8Array.of(0x50, 1)),
    'a default written out': concat(Uint8Array.of(0x10, 0), encode({ epoch: 0 })),
    'an epoch with a long varint': concat(
      rotation.body.subarray(0, 34),
      Uint8Array.of(0x10, 0x81, 0),
      rotation.body.subarray(36),
    ),
    'one byte less': rotation.body.subarray(0, -1),
    empty: new Uint8Array(0),
    'too long': concat(rotation.body, new Uint8Array(ROTATION_BODY_BYTES_MAX)),
  };
  for (const [what, bytes] of Object.entries(faults)) t.equal(readRotationBody(bytes), undefined, what);
  t.ok(readRotationBody(encode({ members: [member(key(1, 4)), member(key(1, 5))] })), 'they ascend by the last byte');
});

t.test('RO-15 SC-22 no bytes make the reader throw, and what it reads encodes to the same bytes', async (t) => {
  let read = 0;
  const edit = fc.tuple(fc.nat(), fc.nat({ max: 255 }), fc.constantFrom('set', 'insert', 'remove'));
  fc.assert(
    fc.property(fc.array(edit, { maxLength: 3 }), (edits) => {
      const bytes = [...rotation.body];
      for (const [at, value, kind] of edits) {
        const position = at % (bytes.length + 1);
        if (kind === 'set') bytes[position] = value;
        else bytes.splice(position, kind === 'insert' ? 0 : 1, ...(kind === 'insert' ? [value] : []));
      }
      const mutated = Uint8Array.from(bytes);
      const found = readRotationBody(mutated);
      if (found === undefined) return true;
      read += 1;
      return Buffer.compare(RotationBody.encode(found).finish(), mutated) === 0;
    }),
    { numRuns: 2000, seed: 11 },
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => readRotationBody(bytes) === undefined),
    { numRuns: 1000, seed: 11 },
  );
  t.ok(read > 50, `${read} were read`);
});

t.test('RO-16 OV-40 OV-41 F-037 R, both signatures and the receipt, each under its label', async (t) => {
  const signed = concat(utf8('0k-sync/v1/rotation-body'), rotation.body);
  const hash = blake3(signed);
  t.strictSame(rotationHash(crypto, rotation.body), hash);
  t.ok(ed25519.verify(rotation.authSignature, signed, group.first.authKey));
  t.ok(ed25519.verify(rotation.deviceSignature, signed, first.deviceKey));
  const receipted = concat(utf8('0k-sync/v1/rotation-receipt'), hash);
  t.ok(ed25519.verify(rotation.receipt, receipted, group.anchor.pin.signingKey));
});

t.test('RO-16 WI-18 signatures have 64 bytes, and only the receipt may be empty', async (t) => {
  const read = (change: Partial<Rotation>) =>
    decodeStrict('Rotation', Rotation.encode({ ...rotation, ...change }).finish());
  t.strictSame(read({}), rotation);
  t.ok(read({ receipt: new Uint8Array(0) }));
  t.equal(read({ receipt: new Uint8Array(63) }), undefined);
  t.equal(read({ authSignature: new Uint8Array(0) }), undefined);
  t.equal(read({ deviceSignature: new Uint8Array(65) }), undefined);
});
