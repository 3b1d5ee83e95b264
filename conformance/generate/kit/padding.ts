// Padding of spec/envelope.md in integers only.
import { concatBytes } from '@noble/hashes/utils.js';
import { u32 } from './keys.ts';

/** Padmé of a length from 2. EN-14. */
export function padme(length: number): number {
  const exponent = Math.clz32(1) - Math.clz32(length);
  const bits = Math.clz32(1) - Math.clz32(exponent) + 1;
  const unit = 1 << (exponent - bits);
  return length + ((unit - (length % unit)) % unit);
}

export function paddedLength(length: number): number {
  return padme(Math.max(4 + length, 256));
}

/** u32(n) || bytes || zeros; `total` and `declared` differ from the honest ones in vectors that have to be refused. */
export function pad(bytes: Uint8Array, total = paddedLength(bytes.length), declared = bytes.length): Uint8Array {
  const zeros = new Uint8Array(total - 4 - bytes.length);
  return concatBytes(u32(declared), bytes, zeros);
}
