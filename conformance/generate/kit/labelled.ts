import { blake3 } from '@noble/hashes/blake3.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/** The prefix of the text that each "random" value of a vector is the hash of; the case's id and the value's name follow. */
export const SEED = '0k-sync/vectors';

/** BLAKE3 of `0k-sync/vectors/<case id>/<name>`, as long as asked for. */
export function labelled(id: string, name: string, length = 32): Uint8Array {
  return blake3(utf8ToBytes(`${SEED}/${id}/${name}`), { dkLen: Math.max(length, 1) }).slice(0, length);
}

export function hex(bytes: Uint8Array): string {
  return bytesToHex(bytes);
}
