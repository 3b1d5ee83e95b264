import { concat, utf8 } from '@0k-sync/core/bytes';
import { ed25519 } from '@noble/curves/ed25519.js';
import { sha512 } from '@noble/hashes/sha2.js';
import fc from 'fast-check';
import t from 'tap';
import { bytes, providers, readVectors } from './providers.ts';

type StrictVector = { name: string; valid: boolean; why: string; public: string; message: string; signature: string };
const { vectors } = readVectors<{ vectors: StrictVector[] }>('crypto/ed25519-strict');
const { Point } = ed25519;
const ORDER = Point.Fn.ORDER;
/** A point of order 8. */
const TORSION = Point.fromBytes(bytes('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a'));

function integerOf(encoding: Uint8Array): bigint {
  return encoding.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

function encodingOf(scalar: bigint): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, index) => Number((scalar >> BigInt(8 * index)) & 255n));
}

for (const [name, crypto] of providers) {
  for (const vector of vectors) {
    t.test(`SC-20 ${name}: ${vector.name}`, async (t) => {
      const verdict = crypto.ed25519Verify(bytes(vector.signature), bytes(vector.message), bytes(vector.public));
      t.equal(verdict, vector.valid, vector.why);
    });
  }

  t.test(`SC-20 ${name}: wrong lengths do not verify and do not throw`, async (t) => {
    const seed = new Uint8Array(32).fill(9);
    const message = utf8('message');
    const publicKey = crypto.ed25519PublicKey(seed);
    const signature = crypto.ed25519Sign(message, crypto.ed25519SigningKey(seed));
    t.ok(crypto.ed25519Verify(signature, message, publicKey));
    for (const length of [0, 1, 32, 63, 65, 96]) {
      const other = new Uint8Array(length);
      other.set(signature.subarray(0, length));
      t.equal(crypto.ed25519Verify(other, message, publicKey), false, `signature of ${length} bytes`);
    }
    for (const length of [0, 31, 33, 64]) {
      const other = new Uint8Array(length);
      other.set(publicKey.subarray(0, length));
      t.equal(crypto.ed25519Verify(signature, message, other), false, `key of ${length} bytes`);
    }
  });
}

t.test('SC-20 the cases that look valid hold the equations that they are said to hold', async (t) => {
  for (const { name, why, ...vector } of vectors.filter(({ why }) => /equation/.test(why))) {
    const signature = bytes(vector.signature);
    const [R, A] = [signature.subarray(0, 32), bytes(vector.public)];
    const k = integerOf(sha512(concat(R, A, bytes(vector.message)))) % ORDER;
    const S = integerOf(signature.subarray(32));
    const decoded = (encoding: Uint8Array) => Point.fromBytes(encoding, true);
    const expected = Point.BASE.multiplyUnsafe(S).subtract(decoded(A).multiplyUnsafe(k));
    const difference = expected.subtract(decoded(R));
    const holds = /^the equation does not hold/.test(why) ? 'none' : /times eight/.test(why) ? 'cofactored' : 'both';
    const found = difference.is0() ? 'both' : difference.isSmallOrder() ? 'cofactored' : 'none';
    t.equal(found, holds, name);
  }
});

t.test('SC-21 both providers give one verdict on signatures with torsion in A and R', async (t) => {
  const scalar = fc.bigInt({ min: 1n, max: ORDER - 1n });
  const order = fc.integer({ min: 0, max: 7 });
  const torsion = (times: number) => (times === 0 ? Point.ZERO : TORSION.multiplyUnsafe(BigInt(times)));
  fc.assert(
    fc.property(scalar, scalar, order, order, fc.uint8Array({ maxLength: 40 }), (a, r, inA, inR, message) => {
      const A = Point.BASE.multiplyUnsafe(a).add(torsion(inA)).toBytes();
      const R = Point.BASE.multiplyUnsafe(r).add(torsion(inR)).toBytes();
      const k = integerOf(sha512(concat(R, A, message))) % ORDER;
      const signature = concat(R, encodingOf((r + k * a) % ORDER));
      const holds = torsion(inR).add(torsion(inA).multiplyUnsafe(k)).is0();
      return providers.every(([, crypto]) => crypto.ed25519Verify(signature, message, A) === holds);
    }),
    { numRuns: 60 },
  );
  t.pass();
});

t.test('SC-21 both providers refuse random signatures and keys alike', async (t) => {
  const key = fc.uint8Array({ minLength: 32, maxLength: 32 });
  fc.assert(
    fc.property(key, key, key, (R, S, A) => {
      const [noble, node] = providers.map(([, crypto]) => crypto.ed25519Verify(concat(R, S), R, A));
      return noble === node && noble === false;
    }),
    { numRuns: 60 },
  );
  t.pass();
});
