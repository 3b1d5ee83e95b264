import { inspect } from 'node:util';
import { nodeRandom } from '@0k-sync/core/crypto/node';
import t from 'tap';
import { providers } from './providers.ts';

const key = new Uint8Array(32).fill(1);
const EMPTY = new Uint8Array(0);

for (const [name, crypto] of providers) {
  t.test(`HS-06 ${name}: an encapsulation key with a coefficient of q or more is refused`, async (t) => {
    const { encapsulationKey } = crypto.mlkemKeys(new Uint8Array(64).fill(3));
    t.ok(crypto.mlkemEncapsulate(encapsulationKey, key));
    // 12-bit coefficients: 3 bytes hold two of them, low nibble of the middle byte first.
    for (const index of [0, 1, 2, 383, 767]) {
      for (const value of [3329, 4095]) {
        const other = encapsulationKey.slice();
        const at = Math.floor(index / 2) * 3;
        if (index % 2 === 0) {
          other[at] = value & 0xff;
          other[at + 1] = ((other[at + 1] ?? 0) & 0xf0) | (value >> 8);
        } else {
          other[at + 1] = ((other[at + 1] ?? 0) & 0x0f) | ((value & 0x0f) << 4);
          other[at + 2] = value >> 4;
        }
        t.equal(crypto.mlkemEncapsulate(other, key), undefined, `coefficient ${index} is ${value}`);
      }
    }
  });

  t.test(`HS-06 ${name}: an encapsulation key of another length is refused`, async (t) => {
    const { encapsulationKey } = crypto.mlkemKeys(new Uint8Array(64).fill(3));
    t.equal(crypto.mlkemEncapsulate(encapsulationKey.subarray(1), key), undefined);
    t.equal(crypto.mlkemEncapsulate(EMPTY, key), undefined);
    t.equal(crypto.mlkemEncapsulate(new Uint8Array(1185), key), undefined);
  });

  t.test(
    `HS-05 HS-06 ${name}: X-Wing refuses keys and ciphertexts of another length, and what gives a zero`,
    async (t) => {
      const eseed = new Uint8Array(64).fill(5);
      const publicKey = crypto.xwingPublicKey(key);
      const made = crypto.xwingEncapsulate(publicKey, eseed);
      t.strictSame(made && crypto.xwingDecapsulate(key, made.ciphertext), made?.sharedSecret);
      const ciphertext = made?.ciphertext ?? EMPTY;
      for (const bad of [EMPTY, publicKey.subarray(1), Uint8Array.of(...publicKey, 0)]) {
        t.equal(crypto.xwingEncapsulate(bad, eseed), undefined, `a key of ${bad.length} bytes`);
      }
      for (const bad of [EMPTY, ciphertext.subarray(1), Uint8Array.of(...ciphertext, 0)]) {
        t.equal(crypto.xwingDecapsulate(key, bad), undefined, `a ciphertext of ${bad.length} bytes`);
      }
      const [zeroKey, zeroCiphertext] = [publicKey.slice(), ciphertext.slice()];
      zeroKey.fill(0, 1184);
      zeroCiphertext.fill(0, 1088);
      t.equal(crypto.xwingEncapsulate(zeroKey, eseed), undefined, 'a key with the point 0');
      t.equal(crypto.xwingDecapsulate(key, zeroCiphertext), undefined, 'a ciphertext with the point 0');
      const badModulus = publicKey.slice();
      badModulus.fill(0xff, 0, 3);
      t.equal(crypto.xwingEncapsulate(badModulus, eseed), undefined, 'a key with a coefficient of 4095');
      for (const at of [0, 1087, 1119]) {
        const changed = crypto.xwingDecapsulate(key, ciphertext.with(at, (ciphertext[at] ?? 0) ^ 1));
        t.equal(changed?.length, 32, `byte ${at}`);
        t.notSame(changed, made?.sharedSecret, `byte ${at}`);
      }
    },
  );

  t.test(`F-030 F-039 ${name}: what is shorter than a tag does not open`, async (t) => {
    for (const length of [0, 1, 15, 16]) {
      const ciphertext = new Uint8Array(length);
      t.equal(crypto.chachaOpen(key, new Uint8Array(12), EMPTY, ciphertext), undefined);
      t.equal(crypto.xchachaOpen(key, new Uint8Array(24), EMPTY, ciphertext), undefined);
    }
  });

  t.test(`F-039 ${name}: an X25519 public key of another length is refused`, async (t) => {
    for (const length of [0, 31, 33]) t.equal(crypto.x25519(key, new Uint8Array(length).fill(9)), undefined);
  });

  t.test(`F-039 ${name}: the caller's own keys and nonces of a wrong length throw`, async (t) => {
    const short = new Uint8Array(31);
    t.throws(() => crypto.chachaSeal(short, new Uint8Array(12), EMPTY, EMPTY));
    t.throws(() => crypto.chachaSeal(key, new Uint8Array(24), EMPTY, EMPTY));
    t.throws(() => crypto.xchachaSeal(short, new Uint8Array(24), EMPTY, EMPTY));
    t.throws(() => crypto.xchachaSeal(key, new Uint8Array(12), EMPTY, EMPTY));
    t.throws(() => crypto.x25519PublicKey(short));
    t.throws(() => crypto.mlkemKeys(key));
    t.throws(() => crypto.xwingPublicKey(short));
    t.throws(() => crypto.xwingDecapsulate(short, new Uint8Array(1120)), RangeError);
    t.throws(() => crypto.xwingEncapsulate(crypto.xwingPublicKey(key), key), RangeError);
    t.throws(() => crypto.ed25519PublicKey(short));
    t.throws(() => crypto.ed25519SigningKey(short));
    for (const length of [0, 32, 63, 65]) t.throws(() => crypto.ed25519Sign(EMPTY, new Uint8Array(length)));
  });

  t.test(`SC-21 ${name}: results are plain Uint8Arrays, so that slice() copies`, async (t) => {
    const keys = crypto.mlkemKeys(new Uint8Array(64));
    const encapsulated = crypto.mlkemEncapsulate(keys.encapsulationKey, key);
    const results = [
      crypto.chachaSeal(key, new Uint8Array(12), EMPTY, key),
      crypto.x25519PublicKey(key),
      keys.encapsulationKey,
      encapsulated?.ciphertext,
      crypto.mlkemDecapsulate(keys, encapsulated?.ciphertext ?? EMPTY),
      crypto.ed25519SigningKey(key),
      crypto.ed25519Sign(EMPTY, crypto.ed25519SigningKey(key)),
      crypto.blake3(EMPTY),
      crypto.hash('BLAKE2s', EMPTY),
      crypto.hash('SHA256', EMPTY),
      crypto.hmac('BLAKE2s', key, EMPTY),
      crypto.hmac('SHA256', key, EMPTY),
      crypto.hkdf(key, EMPTY, EMPTY, 64),
    ];
    for (const result of results) t.equal(Object.getPrototypeOf(result), Uint8Array.prototype);
  });
}

t.test('OV-05 the random source of Node gives fresh bytes of the length asked for', async (t) => {
  for (const length of [0, 1, 32, 64]) t.equal(nodeRandom(length).length, length);
  t.not(inspect(nodeRandom(32)), inspect(nodeRandom(32)));
});
