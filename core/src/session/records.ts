import type { ErrorName } from '@0k-sync/generated/errors';
import { RECORD_BYTES_MAX } from '@0k-sync/generated/limits';
import type { CipherState } from '../noise/index.ts';
import type { ByteQueue } from './byte-queue.ts';

const LENGTH_BYTES = 2;
const TAG_BYTES = 16;
const PLAINTEXT_BYTES_MAX = RECORD_BYTES_MAX - TAG_BYTES;

/** Both directions of a channel after Split. HS-16. */
export interface RecordCiphers {
  readonly send: CipherState;
  readonly receive: CipherState;
}

/** The transport records of one channel: u16 length || ciphertext, empty associated data. WI-05. */
export class RecordLayer {
  readonly #ciphers: RecordCiphers;

  constructor(ciphers: RecordCiphers) {
    this.#ciphers = ciphers;
  }

  /** Seals a piece of the frame stream into as few records as it needs, in one buffer. WI-07. */
  seal(plaintext: Uint8Array): Uint8Array {
    const count = Math.ceil(plaintext.length / PLAINTEXT_BYTES_MAX);
    const out = new Uint8Array(plaintext.length + count * (LENGTH_BYTES + TAG_BYTES));
    let position = 0;
    for (let start = 0; start < plaintext.length; start += PLAINTEXT_BYTES_MAX) {
      const ciphertext = this.#ciphers.send.seal(plaintext.subarray(start, start + PLAINTEXT_BYTES_MAX));
      out[position] = ciphertext.length >> 8;
      out[position + 1] = ciphertext.length & 0xff;
      out.set(ciphertext, position + LENGTH_BYTES);
      position += LENGTH_BYTES + ciphertext.length;
    }
    return out;
  }

  /**
   * Opens every whole record of the queue and hands its plaintext to `deliver`, which says whether to go on.
   * Returns the error that ends the channel, if there is one. WI-06.
   */
  open(queue: ByteQueue, deliver: (plaintext: Uint8Array) => boolean): ErrorName | undefined {
    for (;;) {
      const length = queue.peekU16();
      if (length === undefined) return undefined;
      if (length <= TAG_BYTES) return 'RECORD_INVALID';
      const record = queue.take(LENGTH_BYTES + length);
      if (record === undefined) return undefined;
      const plaintext = this.#ciphers.receive.open(record.subarray(LENGTH_BYTES));
      if (plaintext === undefined) return 'RECORD_INVALID';
      if (!deliver(plaintext)) return undefined;
    }
  }

  wipe(): void {
    this.#ciphers.send.wipe();
    this.#ciphers.receive.wipe();
  }
}
