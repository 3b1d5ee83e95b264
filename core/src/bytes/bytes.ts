const encoder = new TextEncoder();

/** Encodes a text as UTF-8. */
export function utf8(text: string): Uint8Array {
  return encoder.encode(text);
}

/** Joins byte strings in a new array. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let position = 0;
  for (const part of parts) {
    out.set(part, position);
    position += part.length;
  }
  return out;
}

/** Encodes an unsigned 32-bit integer as 4 bytes, big-endian. OV-01. */
export function u32(value: number): Uint8Array {
  const out = new Uint8Array(4);
  for (let index = 0; index < out.length; index += 1) out[index] = value >>> (24 - 8 * index);
  return out;
}

/** Encodes an unsigned 64-bit integer as 8 bytes, big-endian. OV-01. */
export function u64(value: bigint): Uint8Array {
  const out = new Uint8Array(8);
  new DataView(out.buffer).setBigUint64(0, value);
  return out;
}

/** Compares two byte strings in time that depends on their lengths only. OV-06. */
export function equal(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let index = 0; index < a.length; index++) difference |= (a[index] ?? 0) ^ (b[index] ?? 0);
  return difference === 0;
}

/** Overwrites secrets with zeros; undefined ones are skipped. GR-11. */
export function wipe(...secrets: readonly (Uint8Array | undefined)[]): void {
  for (const secret of secrets) secret?.fill(0);
}
