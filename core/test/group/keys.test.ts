import { inspect } from 'node:util';
import { concat, toHex, u32, utf8 } from '@0k-sync/core/bytes';
import { nobleCrypto as crypto } from '@0k-sync/core/crypto';
import { DeviceKeys, EpochKeys, groupIdOf, Secret } from '@0k-sync/core/group';
import { deterministicRandom } from '@0k-sync/testkit/crypto';
import { ed25519 } from '@noble/curves/ed25519.js';
import { blake3 } from '@noble/hashes/blake3.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import t from 'tap';

const secret = new Uint8Array(32).fill(7);
const seed = new Uint8Array(32).fill(9);
const derive = (input: Uint8Array, info: Uint8Array) => hkdf(sha256, input, new Uint8Array(0), info, 32);

t.test('GR-02 GR-05 epoch 0 certifies its own group id', async (t) => {
  const keys = new EpochKeys(crypto, secret.slice(), 0);
  const authSeed = derive(secret, concat(utf8('0k-sync/v1/auth'), u32(0)));
  t.strictSame(keys.authKey, ed25519.getPublicKey(authSeed));
  t.strictSame(keys.groupId, blake3(concat(utf8('0k-sync/v1/group-id'), keys.authKey)));
  t.strictSame(groupIdOf(crypto, keys.authKey), keys.groupId);
  t.strictSame(new EpochKeys(crypto, secret.slice(), 0, keys.groupId).authKey, keys.authKey, 'the id changes nothing');
});

t.test('GR-05 later epochs are bound to group and number', async (t) => {
  const groupId = new Uint8Array(32).fill(1);
  const keys = new EpochKeys(crypto, secret.slice(), 3, groupId);
  const authSeed = derive(secret, concat(utf8('0k-sync/v1/auth'), groupId, u32(3)));
  t.strictSame(keys.authKey, ed25519.getPublicKey(authSeed));
  const nonce = new Uint8Array(24);
  const messageKey = derive(secret, concat(utf8('0k-sync/v1/message'), groupId, u32(3)));
  const sealed = crypto.xchachaSeal(messageKey, nonce, utf8('ad'), utf8('text'));
  t.strictSame(keys.seal(nonce, utf8('ad'), utf8('text')), sealed);
  t.strictSame(keys.open(nonce, utf8('ad'), sealed), utf8('text'));
  t.equal(keys.open(nonce, utf8('AD'), sealed), undefined);
  t.not(toHex(new EpochKeys(crypto, secret.slice(), 4, groupId).authKey), toHex(keys.authKey));
  t.throws(() => new EpochKeys(crypto, secret.slice(), 1), TypeError);
  t.throws(() => new EpochKeys(crypto, new Uint8Array(31), 0), RangeError);
});

t.test('GR-01 a new group has a fresh secret', async (t) => {
  const random = deterministicRandom('GR-01');
  const keys = EpochKeys.create(crypto, random);
  t.equal(keys.epoch, 0);
  t.notSame(EpochKeys.create(crypto, random).groupId, keys.groupId);
  t.strictSame(new EpochKeys(crypto, keys.exportSecret(), 0).groupId, keys.groupId);
});

t.test('GR-10 device keys of two groups have nothing in common', async (t) => {
  const [first, second] = [1, 2].map((value) => new DeviceKeys(crypto, seed, new Uint8Array(32).fill(value)));
  if (first === undefined || second === undefined) throw new TypeError('two devices');
  t.strictSame(
    first.deviceKey,
    ed25519.getPublicKey(derive(seed, concat(utf8('0k-sync/v1/device-key'), first.groupId))),
  );
  t.equal(first.xwingKey.length, 1216);
  t.notSame(first.deviceKey, second.deviceKey);
  t.notSame(first.xwingKey, second.xwingKey);
  t.strictSame(seed, new Uint8Array(32).fill(9), 'the seed is the caller’s to wipe');
  t.ok(ed25519.verify(first.sign(utf8('text')), utf8('text'), first.deviceKey));
  t.throws(() => new DeviceKeys(crypto, new Uint8Array(16), first.groupId), RangeError);
});

t.test('GR-11 F-010 XC-001 secrets are wiped', async (t) => {
  const bytes = new Uint8Array(32).fill(5);
  const wiped = new Secret(bytes);
  wiped.wipe();
  t.strictSame(bytes, new Uint8Array(32));
  t.throws(() => wiped.reveal(), TypeError);
  const keys = EpochKeys.create(crypto, deterministicRandom('GR-11'));
  const device = new DeviceKeys(crypto, seed, keys.groupId);
  keys.wipe();
  device.wipe();
  t.throws(() => keys.exportSecret(), TypeError);
  t.throws(() => keys.seal(new Uint8Array(24), seed, seed), TypeError);
  t.throws(() => keys.signAuth(seed), TypeError);
  t.throws(() => device.sign(seed), TypeError);
});

t.test('GR-11 F-011 F-015 F-016 F-036 inspection and JSON show no secret', async (t) => {
  const canary = new Uint8Array(32).fill(0xc7);
  const keys = new EpochKeys(crypto, canary.slice(), 0);
  const holders = [new Secret(canary), keys, new DeviceKeys(crypto, canary, keys.groupId)];
  for (const holder of holders) {
    const shown = `${inspect(holder, { showHidden: true, depth: 9 })} ${JSON.stringify(holder)} ${String(holder)}`;
    t.notMatch(shown, /199,\s*199,\s*199|c7,? *c7,? *c7|x8fHx8fH/i, holder.constructor.name);
  }
  t.equal(inspect(new Secret(canary)), '[secret]');
  t.equal(JSON.stringify({ key: new Secret(canary) }), '{"key":"[secret]"}');
});
