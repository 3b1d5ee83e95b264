import { fromHex } from './hex.ts';
import { readZBase32 } from './z-base-32.ts';

const KEY_BYTES = 32;

/** Reads a 32-byte key from lower-case z-base-32 or hexadecimal of either case; undefined for other text. OV-03. */
export function readKey(text: string): Uint8Array | undefined {
  const bytes = text.length === 2 * KEY_BYTES ? fromHex(text) : readLowerCase(text);
  return bytes?.length === KEY_BYTES ? bytes : undefined;
}

/** Links ignore case (PA-01), keys do not. */
function readLowerCase(text: string): Uint8Array | undefined {
  return text === text.toLowerCase() ? readZBase32(text) : undefined;
}
