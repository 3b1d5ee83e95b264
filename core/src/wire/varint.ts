/**
 * A varint (LEB128 of Protocol Buffers): its value, and the offset behind it. `value` is exact up to 2^53; above, it is
 * rounded and stays above. `incomplete`: the bytes end inside it. `invalid`: it is not minimal, or exceeds 64 bits.
 * WI-10, WI-14.
 */
export type Varint = { value: number; end: number; status: 'ok' | 'incomplete' | 'invalid' };

const BYTES_MAX = 10;

/** Reads the varint at `start` into `out` and returns `out`, so that the walk allocates nothing per varint. */
export function readVarint(bytes: Uint8Array, start: number, end: number, out: Varint): Varint {
  let value = 0;
  let scale = 1;
  for (let index = 0; index < BYTES_MAX; index += 1) {
    const position = start + index;
    if (position >= end) return finish(out, 'incomplete', value, position);
    const byte = bytes[position] as number;
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) {
      const isMinimal = byte !== 0 || index === 0;
      const fits = index < BYTES_MAX - 1 || byte === 1;
      return finish(out, isMinimal && fits ? 'ok' : 'invalid', value, position + 1);
    }
    scale *= 128;
  }
  return finish(out, 'invalid', value, start + BYTES_MAX);
}

function finish(out: Varint, status: Varint['status'], value: number, end: number): Varint {
  out.status = status;
  out.value = value;
  out.end = end;
  return out;
}

/** Makes a place for `readVarint` to write to. */
export function newVarint(): Varint {
  return { value: 0, end: 0, status: 'ok' };
}
