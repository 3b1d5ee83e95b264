import { Slab, u32 } from '../bytes/index.ts';

const LENGTH_BYTES = 4;
const PADDED_BYTES_MIN = 256;
/** A padded plaintext is sealed at once, and then nobody needs it. */
const slab = new Slab();

/** Rounds a length of at least 2 up by Padmé, so that only O(log log length) bits of it show. EN-14. */
export function padme(length: number): number {
  const exponent = Math.floor(Math.log2(length));
  const bits = Math.floor(Math.log2(exponent)) + 1;
  const unit = 2 ** (exponent - bits);
  return Math.ceil(length / unit) * unit;
}

/** Returns how many bytes a plaintext of `length` bytes has after padding. EN-14. */
export function paddedLength(length: number): number {
  return padme(Math.max(LENGTH_BYTES + length, PADDED_BYTES_MIN));
}

/** Pads n bytes: u32(n) || the bytes || zeros. EN-14. */
export function pad(plaintext: Uint8Array): Uint8Array {
  const padded = slab.take(paddedLength(plaintext.length));
  padded.set(u32(plaintext.length));
  padded.set(plaintext, LENGTH_BYTES);
  return padded;
}

/** Returns a view of the bytes inside; undefined for another length or a padding byte that is not zero. EN-14. */
export function unpad(padded: Uint8Array): Uint8Array | undefined {
  if (padded.length < PADDED_BYTES_MIN) return undefined;
  const length = new DataView(padded.buffer, padded.byteOffset).getUint32(0);
  if (length > padded.length - LENGTH_BYTES || paddedLength(length) !== padded.length) return undefined;
  for (let index = LENGTH_BYTES + length; index < padded.length; index += 1) if (padded[index] !== 0) return undefined;
  return padded.subarray(LENGTH_BYTES, LENGTH_BYTES + length);
}
