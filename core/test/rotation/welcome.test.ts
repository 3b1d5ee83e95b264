import { concat, u32, utf8 } from '@0k-sync/core/bytes';
import { nobleCrypto } from '@0k-sync/core/crypto';
import { DeviceKeys } from '@0k-sync/core/group';
import { openRotationWelcome, ROTATION_WELCOME_BYTES, sealRotationWelcome } from '@0k-sync/core/rotation';
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import fc from 'fast-check';
import t from 'tap';
import { crypto, random, TestGroup } from './fixture.ts';

const group = new TestGroup(2);
const { groupId } = group;
const seed = random(32);
const device = new DeviceKeys(crypto, seed, groupId);
const other = group.devices[1] as DeviceKeys;
const secret = random(32);
const welcome = sealRotationWelcome(crypto, random, { groupId, epoch: 4 }, device, secret);

t.test('RO-17 OV-42 a welcome of 1168 bytes gives its device the secret', async (t) => {
  t.equal(welcome.length, 1168);
  t.equal(ROTATION_WELCOME_BYTES, 1168);
  t.strictSame(openRotationWelcome(crypto, device, 4, welcome), secret);
  const xwingSeed = hkdf(sha256, seed, new Uint8Array(0), concat(utf8('0k-sync/v1/device-xwing'), groupId), 32);
  const shared = nobleCrypto.xwingDecapsulate(xwingSeed, welcome.slice(0, 1120));
  const info = concat(utf8('0k-sync/v1/rotation-welcome'), groupId, u32(4), device.deviceKey);
  const key = hkdf(sha256, shared ?? seed, new Uint8Array(0), info, 32);
  t.strictSame(xchacha20poly1305(key, new Uint8Array(24)).decrypt(welcome.slice(1120)), secret);
});

t.test('RO-17 neither another device, group, epoch nor length opens it', async (t) => {
  t.equal(openRotationWelcome(crypto, other, 4, welcome), undefined, 'another device');
  t.equal(openRotationWelcome(crypto, device, 5, welcome), undefined, 'another epoch');
  const elsewhere = new DeviceKeys(crypto, seed, random(32));
  t.equal(openRotationWelcome(crypto, elsewhere, 4, welcome), undefined, 'another group');
  for (const bad of [new Uint8Array(0), welcome.subarray(1), concat(welcome, Uint8Array.of(0))]) {
    t.equal(openRotationWelcome(crypto, device, 4, bad), undefined, `${bad.length} bytes`);
  }
  const renamed = { deviceKey: other.deviceKey, xwingKey: device.xwingKey };
  const misdirected = sealRotationWelcome(crypto, random, { groupId, epoch: 4 }, renamed, secret);
  t.equal(openRotationWelcome(crypto, device, 4, misdirected), undefined, 'sealed to the key under another name');
});

t.test('RO-17 no flipped bit opens', async (t) => {
  fc.assert(
    fc.property(fc.nat({ max: welcome.length - 1 }), fc.nat({ max: 7 }), (at, bit) => {
      const changed = welcome.with(at, (welcome[at] ?? 0) ^ (1 << bit));
      return openRotationWelcome(crypto, device, 4, changed) === undefined;
    }),
    { numRuns: 60, seed: 3 },
  );
  t.pass('60 flips');
});

t.test('RO-17 each welcome has a fresh encapsulation', async (t) => {
  const again = sealRotationWelcome(crypto, random, { groupId, epoch: 4 }, device, secret);
  t.notSame(again.subarray(0, 1120), welcome.subarray(0, 1120));
  t.notSame(again.subarray(1120), welcome.subarray(1120));
  t.throws(() => sealRotationWelcome(crypto, random, { groupId, epoch: 4 }, device, seed.subarray(1)), RangeError);
});

t.test('RO-18 HS-06 a member with a bad X-Wing key gets random bytes, and stops no rotation', async (t) => {
  const zeroPoint = device.xwingKey.slice().fill(0, 1184);
  const badModulus = device.xwingKey.slice().fill(0xff, 0, 3);
  for (const xwingKey of [zeroPoint, badModulus, new Uint8Array(1216).fill(0xff)]) {
    const made = sealRotationWelcome(
      crypto,
      random,
      { groupId, epoch: 4 },
      { ...device, deviceKey: device.deviceKey, xwingKey },
      secret,
    );
    t.equal(made.length, ROTATION_WELCOME_BYTES);
    t.equal(openRotationWelcome(crypto, device, 4, made), undefined);
  }
});

t.test('RO-18 HS-05 a welcome whose point gives a zero does not open', async (t) => {
  t.equal(openRotationWelcome(crypto, device, 4, welcome.slice().fill(0, 1088, 1120)), undefined);
});
