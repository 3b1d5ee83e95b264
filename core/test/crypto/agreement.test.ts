import { concat } from '@0k-sync/core/bytes';
import { nobleCrypto } from '@0k-sync/core/crypto';
import fc from 'fast-check';
import t from 'tap';
import { flipped, nodeCrypto, providers } from './providers.ts';

const exactly = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const some = fc.uint8Array({ maxLength: 300 });
const RUNS = { numRuns: 50 };

t.test('SC-21 AEAD: same bytes, each opens what the other sealed', async (t) => {
  fc.assert(
    fc.property(exactly(32), exactly(24), some, some, (key, nonce, ad, plaintext) => {
      const short = nonce.subarray(0, 12);
      t.strictSame(nodeCrypto.chachaSeal(key, short, ad, plaintext), nobleCrypto.chachaSeal(key, short, ad, plaintext));
      t.strictSame(
        nodeCrypto.xchachaSeal(key, nonce, ad, plaintext),
        nobleCrypto.xchachaSeal(key, nonce, ad, plaintext),
      );
      const [sealed, sealedLong] = [
        nobleCrypto.chachaSeal(key, short, ad, plaintext),
        nobleCrypto.xchachaSeal(key, nonce, ad, plaintext),
      ];
      for (const [, crypto] of providers) {
        const around = new Uint8Array(sealed.length + 3).fill(7);
        crypto.chachaSeal(key, short, ad, plaintext, around.subarray(1, -2));
        t.strictSame(around, concat(Uint8Array.of(7), sealed, Uint8Array.of(7, 7)));
        t.strictSame(crypto.chachaOpen(key, short, ad, sealed), plaintext);
        t.strictSame(crypto.xchachaOpen(key, nonce, ad, sealedLong), plaintext);
      }
    }),
    RUNS,
  );
});

t.test('lesson/replay AEAD: every flipped bit and every truncation is refused, without an exception', async (t) => {
  fc.assert(
    fc.property(exactly(32), exactly(24), some, some, fc.nat(), fc.integer({ min: 0, max: 7 }), (...drawn) => {
      const [key, nonce, ad, plaintext, position, bit] = drawn;
      const short = nonce.subarray(0, 12);
      for (const [name, crypto] of providers) {
        const pairs = [
          [crypto.chachaOpen, crypto.chachaSeal(key, short, ad, plaintext), short],
          [crypto.xchachaOpen, crypto.xchachaSeal(key, nonce, ad, plaintext), nonce],
        ] as const;
        for (const [open, sealed, used] of pairs) {
          const at = position % sealed.length;
          t.equal(open(key, used, ad, flipped(sealed, at, 1 << bit)), undefined, `${name}: flipped bit`);
          t.equal(open(key, used, ad, sealed.subarray(0, at)), undefined, `${name}: truncated`);
          t.equal(open(key, used, concat(ad, Uint8Array.of(0)), sealed), undefined, `${name}: other associated data`);
          t.equal(open(flipped(key, at % 32, 1 << bit), used, ad, sealed), undefined, `${name}: other key`);
          t.equal(open(key, flipped(used, at % 12, 1 << bit), ad, sealed), undefined, `${name}: other nonce`);
        }
      }
    }),
    RUNS,
  );
});

t.test('SC-21 hashes of several long parts agree, whether they are joined or not', async (t) => {
  for (const length of [8191, 8192, 8193, 100_000]) {
    const parts = [1, length - 3, 0, 2].map((partLength, index) => new Uint8Array(partLength).fill(index + 1));
    t.strictSame(nodeCrypto.blake3(...parts), nobleCrypto.blake3(...parts), `BLAKE3 of ${length} bytes`);
    t.strictSame(nodeCrypto.hash('BLAKE2s', ...parts), nobleCrypto.hash('BLAKE2s', ...parts), `BLAKE2s of ${length}`);
  }
});

t.test('SC-21 hashes, HMAC and HKDF agree on any lengths', async (t) => {
  const key = fc.uint8Array({ maxLength: 200 });
  fc.assert(
    fc.property(key, some, some, fc.integer({ min: 1, max: 300 }), (key, first, second, length) => {
      t.strictSame(nodeCrypto.blake3(first, second), nobleCrypto.blake3(first, second));
      for (const name of ['BLAKE2s', 'SHA256'] as const) {
        t.strictSame(nodeCrypto.hash(name, first, second), nobleCrypto.hash(name, first, second));
        t.strictSame(nodeCrypto.hmac(name, key, first, second), nobleCrypto.hmac(name, key, first, second));
      }
      t.strictSame(nodeCrypto.hkdf(key, first, second, length), nobleCrypto.hkdf(key, first, second, length));
    }),
    RUNS,
  );
});

t.test('SC-21 X25519 agrees on any key and point', async (t) => {
  fc.assert(
    fc.property(exactly(32), exactly(32), (secretKey, point) => {
      t.strictSame(nodeCrypto.x25519PublicKey(secretKey), nobleCrypto.x25519PublicKey(secretKey));
      t.strictSame(nodeCrypto.x25519(secretKey, point), nobleCrypto.x25519(secretKey, point));
    }),
    RUNS,
  );
});

t.test('SC-21 Ed25519 agrees on keys and signatures', async (t) => {
  fc.assert(
    fc.property(exactly(32), some, fc.nat({ max: 63 }), (seed, message, position) => {
      const publicKey = nodeCrypto.ed25519PublicKey(seed);
      const signingKey = nodeCrypto.ed25519SigningKey(seed);
      const signature = nodeCrypto.ed25519Sign(message, signingKey);
      t.strictSame(signingKey, nobleCrypto.ed25519SigningKey(seed));
      t.strictSame(publicKey, nobleCrypto.ed25519PublicKey(seed));
      t.strictSame(signature, nobleCrypto.ed25519Sign(message, signingKey));
      for (const [name, crypto] of providers) {
        t.ok(crypto.ed25519Verify(signature, message, publicKey), name);
        t.notOk(crypto.ed25519Verify(flipped(signature, position), message, publicKey), `${name}: flipped bit`);
        t.notOk(crypto.ed25519Verify(signature, concat(message, Uint8Array.of(0)), publicKey), `${name}: longer`);
      }
    }),
    { numRuns: 20 },
  );
});

t.test('SC-21 ML-KEM-768 and X-Wing agree, also on a ciphertext that was made up (HS-07)', async (t) => {
  fc.assert(
    fc.property(exactly(64), exactly(32), exactly(1088), (seed, m, random) => {
      const [noble, node] = [nobleCrypto.mlkemKeys(seed), nodeCrypto.mlkemKeys(seed)];
      t.strictSame(node.encapsulationKey, noble.encapsulationKey);
      const made = nobleCrypto.mlkemEncapsulate(noble.encapsulationKey, m);
      t.strictSame(nodeCrypto.mlkemEncapsulate(noble.encapsulationKey, m), made);
      for (const ciphertext of [made?.ciphertext ?? random, random]) {
        t.strictSame(nodeCrypto.mlkemDecapsulate(node, ciphertext), nobleCrypto.mlkemDecapsulate(noble, ciphertext));
      }
      const publicKey = nobleCrypto.xwingPublicKey(m);
      t.strictSame(nodeCrypto.xwingPublicKey(m), publicKey);
      const sealed = nobleCrypto.xwingEncapsulate(publicKey, seed);
      t.strictSame(nodeCrypto.xwingEncapsulate(publicKey, seed), sealed);
      const xwingCiphertext = concat(random, m);
      for (const ciphertext of [sealed?.ciphertext ?? random, xwingCiphertext]) {
        t.strictSame(nodeCrypto.xwingDecapsulate(m, ciphertext), nobleCrypto.xwingDecapsulate(m, ciphertext));
      }
      t.strictSame(nodeCrypto.xwingDecapsulate(m, sealed?.ciphertext ?? random), sealed?.sharedSecret);
    }),
    { numRuns: 20 },
  );
});
