import { ed25519 } from '@noble/curves/ed25519.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { concat, equal } from '../bytes/index.ts';

const { Point } = ed25519;
const ORDER = Point.Fn.ORDER;

/** Reads the 32 little-endian bytes of a scalar. */
function integerOf(bytes: Uint8Array): bigint {
  return bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

/** Decodes a point; undefined unless its encoding is canonical and its order large. */
function strictPoint(bytes: Uint8Array): InstanceType<typeof Point> | undefined {
  try {
    const point = Point.fromBytes(bytes, false);
    return point.isSmallOrder() || !equal(point.toBytes(), bytes) ? undefined : point;
  } catch {
    return undefined;
  }
}

/** Checks what needs no message: A and R are canonical and of large order, and S < L. SC-20. */
export function isStrictSignature(signature: Uint8Array, publicKey: Uint8Array): boolean {
  if (signature.length !== 64 || publicKey.length !== 32) return false;
  if (integerOf(signature.subarray(32)) >= ORDER) return false;
  return strictPoint(publicKey) !== undefined && strictPoint(signature.subarray(0, 32)) !== undefined;
}

/** Verifies an Ed25519 signature by the cofactorless equation on the exact bytes: encode([S]B − [k]A) == R. SC-20. */
export function verifyEd25519(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
  if (!isStrictSignature(signature, publicKey)) return false;
  const R = signature.subarray(0, 32);
  const A = Point.fromBytes(publicKey, false);
  const S = integerOf(signature.subarray(32));
  const k = integerOf(sha512(concat(R, publicKey, message))) % ORDER;
  const left = S === 0n ? Point.ZERO : Point.BASE.multiplyUnsafe(S);
  const right = k === 0n ? Point.ZERO : A.multiplyUnsafe(k);
  return equal(left.subtract(right).toBytes(), R);
}
