import type { ErrorName } from '@0k-sync/generated/errors';
import { RECORD_BYTES_MAX } from '@0k-sync/generated/limits';
import type { CipherState } from '../noise/index.ts';
import type { ByteQueue } from './byte-queue.ts';

const TAG_BYTES = 16;
const PLAINTEXT_BYTES_MAX = RECORD_BYTES_MAX - TAG_BYTES;

/**
 * Seals a piece of the frame stream into as few records as it needs, in one buffer. WI-05, WI-07.
 * Each is u16 length || ciphertext.
 */
export function sealRecords(cipher: CipherState, plaintext: Uint8Array): Uint8Array {
  const count = Math.ceil(plaintext.length / PLAINTEXT_BYTES_MAX);
  const out = new Uint8Array(plaintext.length + count * (2 + TAG_BYTES));
  let position = 0;
  for (let start = 0; start < plaintext.length; start += PLAINTEXT_BYTES_MAX) {
    const ciphertext = cipher.seal(plaintext.subarray(start, start + PLAINTEXT_BYTES_MAX));
    out[position] = ciphertext.length >> 8;
    out[position + 1] = ciphertext.length & 0xff;
    out.set(ciphertext, position + 2);
    position += 2 + ciphertext.length;
  }
  return out;
}

/**
 * Opens every whole record of the queue and hands its plaintext to `deliver`, which says whether to go on.
 * Returns the error that ends the channel, if there is one. WI-05, WI-06.
 */
export function openRecords(
  cipher: CipherState,
  queue: ByteQueue,
  deliver: (plaintext: Uint8Array) => boolean,
): ErrorName | undefined {
  for (;;) {
    const length = queue.peekU16();
    if (length === undefined) return undefined;
    if (length <= TAG_BYTES) return 'RECORD_INVALID';
    const record = queue.take(2 + length);
    if (record === undefined) return undefined;
    const plaintext = cipher.open(record.subarray(2));
    if (plaintext === undefined) return 'RECORD_INVALID';
    if (!deliver(plaintext)) return undefined;
  }
}
