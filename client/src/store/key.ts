const HEXADECIMAL = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Bytes as a map key: lower-case hexadecimal. Text stays what it is. */
export function keyOf(bytes: Uint8Array | string): string {
  if (typeof bytes === 'string') return bytes;
  let text = '';
  for (const byte of bytes) text += HEXADECIMAL[byte];
  return text;
}
