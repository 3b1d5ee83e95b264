import { RECORD_BYTES_MAX } from '@0k-sync/generated/limits';
import { Slab } from '../bytes/index.ts';
import type { CipherState } from '../noise/index.ts';
import { type Failure, fail } from '../wire/index.ts';

/** Length of the u16 before every record and handshake message, bytes. WI-04, WI-05. */
export const LENGTH_BYTES = 2;
const TAG_BYTES = 16;
const PLAINTEXT_BYTES_MAX = RECORD_BYTES_MAX - TAG_BYTES;
/** Sealed records leave at once. */
const sealed = new Slab();

/** The ciphers of both directions of a channel. HS-16. */
export interface RecordCiphers {
  readonly send: CipherState;
  readonly receive: CipherState;
}

/** Reads the big-endian u16 at `start`; undefined for fewer than 2 bytes. */
export function readLength(bytes: Uint8Array, start: number, end: number): number | undefined {
  if (end - start < LENGTH_BYTES) return undefined;
  return ((bytes[start] as number) << 8) | (bytes[start + 1] as number);
}

/**
 * Measures the record at `start`, its length included; see `Measure`. Errors: RECORD_INVALID, and FRAME_TOO_LARGE for
 * one above `bytesMax`. WI-05, RL-70.
 */
export function measureRecord(
  bytes: Uint8Array,
  start: number,
  end: number,
  bytesMax = RECORD_BYTES_MAX,
): number | Failure | undefined {
  const length = readLength(bytes, start, end);
  if (length === undefined) return undefined;
  if (length <= TAG_BYTES) return fail('RECORD_INVALID', `A record has ${length} bytes.`);
  return length <= bytesMax ? LENGTH_BYTES + length : fail('FRAME_TOO_LARGE', `A record has ${length} bytes.`);
}

/** The transport records of one channel: u16 length || ciphertext, empty associated data. WI-05. */
export class RecordLayer {
  readonly #ciphers: RecordCiphers;

  constructor(ciphers: RecordCiphers) {
    this.#ciphers = ciphers;
  }

  /** Seals a piece of the frame stream as few records in one buffer. WI-07. */
  seal(plaintext: Uint8Array): Uint8Array {
    const count = Math.ceil(plaintext.length / PLAINTEXT_BYTES_MAX);
    const out = sealed.take(plaintext.length + count * (LENGTH_BYTES + TAG_BYTES));
    let position = 0;
    for (let start = 0; start < plaintext.length; start += PLAINTEXT_BYTES_MAX) {
      const piece = plaintext.subarray(start, start + PLAINTEXT_BYTES_MAX);
      const length = piece.length + TAG_BYTES;
      out[position] = length >> 8;
      out[position + 1] = length & 0xff;
      const from = position + LENGTH_BYTES;
      position = from + length;
      const place = out.subarray(from, position);
      const ciphertext = this.#ciphers.send.seal(piece, undefined, place);
      if (ciphertext !== place) place.set(ciphertext); // a provider may have a buffer of its own
    }
    return out;
  }

  /** Opens one whole record. Undefined when it does not authenticate; nothing may be read after it. WI-06. */
  open(record: Uint8Array): Uint8Array | undefined {
    return this.#ciphers.receive.open(record.subarray(LENGTH_BYTES));
  }

  wipe(): void {
    this.#ciphers.send.wipe();
    this.#ciphers.receive.wipe();
  }
}
