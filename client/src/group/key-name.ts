import { equal, toHex } from '@0k-sync/core/bytes';

let last = { key: new Uint8Array(), name: '' };

/** The hexadecimal name of a device key. The envelopes of one sender come in runs, so the last name is remembered. */
export function keyName(key: Uint8Array): string {
  if (!equal(key, last.key)) last = { key: key.slice(), name: toHex(key) };
  return last.name;
}
