/** Gives the pieces in which bytes arrive at the other end, cut or changed; none drops them. */
export type Cut = (bytes: Uint8Array) => Uint8Array[];

/** Returns the bytes in one piece. */
export const whole: Cut = (bytes) => [bytes];

/** Cuts the bytes into pieces of one byte. */
export const byteByByte: Cut = (bytes) => [...bytes].map((byte) => Uint8Array.of(byte));

/** Cuts the bytes into pieces of `size` bytes, the last one shorter. */
export function inPieces(size: number): Cut {
  return (bytes) =>
    Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) => bytes.slice(index * size, (index + 1) * size));
}

/** Every beginning of `bytes` that is shorter than they are. */
export function* beginnings(bytes: Uint8Array): Generator<Uint8Array> {
  for (let length = 0; length < bytes.length; length += 1) yield bytes.subarray(0, length);
}

/** The bytes with one bit changed, by default the lowest of the last byte. A negative place counts from the end. */
export function flip(bytes: Uint8Array, place = -1): Uint8Array {
  const at = place < 0 ? bytes.length + place : place;
  return bytes.with(at, (bytes[at] ?? 0) ^ 1);
}
