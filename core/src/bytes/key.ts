import { fromHex } from './hex.ts';
import { readZBase32 } from './z-base-32.ts';

const KEY_BYTES = 32;

/** A 32-byte key in z-base-32 or hexadecimal, of either case; undefined when it is neither. OV-03. */
export function readKey(text: string): Uint8Array | undefined {
  const bytes = text.length === 2 * KEY_BYTES ? fromHex(text) : readZBase32(text);
  return bytes?.length === KEY_BYTES ? bytes : undefined;
}
