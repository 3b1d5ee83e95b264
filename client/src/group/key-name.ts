import { equal, toHex, zBase32 } from '@0k-sync/core/bytes';

let last = { key: new Uint8Array(), name: '' };
let lastText = { key: new Uint8Array(), text: '' };

/** The hexadecimal name of a device key. The envelopes of one sender come in runs, so the last name is remembered. */
export function keyName(key: Uint8Array): string {
  if (!equal(key, last.key)) last = { key: key.slice(), name: toHex(key) };
  return last.name;
}

/** The z-base-32 form of a device key, which apps see. The last one is remembered, too. */
export function keyText(key: Uint8Array): string {
  if (!equal(key, lastText.key)) lastText = { key: key.slice(), text: zBase32(key) };
  return lastText.text;
}
