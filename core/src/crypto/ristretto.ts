import { ristretto255, ristretto255_hasher } from '@noble/curves/ed25519.js';
import { bytesToNumberLE } from '@noble/curves/utils.js';

const { Point } = ristretto255;
const SCALAR_BYTES = 32;
const WIDE_SCALAR_BYTES = 64;

/** Derives an element from 64 uniform bytes. RFC 9496, 4.3.4. */
export function ristrettoElement(uniform: Uint8Array): Uint8Array {
  const element = ristretto255_hasher.deriveToCurve?.(uniform);
  if (element === undefined) throw new TypeError('@noble/curves derives no ristretto255 elements');
  return element.toBytes();
}

/** Multiplies an element; undefined for an encoding that is not canonical, and for the identity. RFC 9496, 4.3.1. */
export function ristrettoMultiply(scalar: Uint8Array, element: Uint8Array): Uint8Array | undefined {
  if (scalar.length !== SCALAR_BYTES && scalar.length !== WIDE_SCALAR_BYTES) {
    throw new RangeError(`ristretto255 scalar of ${scalar.length} bytes`);
  }
  const point = read(element);
  const factor = Point.Fn.create(bytesToNumberLE(scalar));
  return point === undefined || Point.Fn.is0(factor) ? undefined : point.multiply(factor).toBytes();
}

/** Reads an element that is not the identity; the group has prime order, so no multiple of it is the identity. */
function read(element: Uint8Array) {
  try {
    const point = Point.fromBytes(element);
    return point.is0() ? undefined : point;
  } catch {
    return undefined;
  }
}
