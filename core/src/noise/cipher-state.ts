import type { CryptoProvider } from '../crypto/index.ts';
import { redact } from '../redact.ts';

const EMPTY = new Uint8Array(0);
const COUNTER_MAX = 2n ** 64n - 1n;
const MESSAGE_BYTES_MAX = 65_535;
const TAG_BYTES = 16;

/** A ChaCha20-Poly1305 key and its counter. Noise §5.1. */
export class CipherState {
  readonly #crypto: CryptoProvider;
  readonly #key: Uint8Array;
  /** 4 zero bytes || n as u64 little-endian. */
  readonly #nonce = new Uint8Array(12);
  readonly #counter = new DataView(this.#nonce.buffer, 4);
  #n: bigint;
  #wiped = false;

  /**
   * @param key 32 bytes; this object owns and wipes them
   * @param n the counter's first value, up to 2^64−1
   */
  constructor(crypto: CryptoProvider, key: Uint8Array, n = 0n) {
    this.#crypto = crypto;
    this.#key = key;
    this.#n = n;
  }

  get n(): bigint {
    return this.#n;
  }

  /** The key, for transcripts. */
  get key(): Uint8Array {
    return this.#key;
  }

  /**
   * Seals under the next nonce, into `out` if there is one: the plaintext's length and 16 bytes. Throws a RangeError when the counter is used up or the plaintext is too long. HS-09.
   */
  seal(plaintext: Uint8Array, ad: Uint8Array = EMPTY, out?: Uint8Array): Uint8Array {
    if (this.#wiped) throw new TypeError('the key was wiped');
    if (this.#n >= COUNTER_MAX) throw new RangeError('the counter of this key is used up');
    if (plaintext.length > MESSAGE_BYTES_MAX - TAG_BYTES)
      throw new RangeError('the plaintext does not fit a Noise message');
    const ciphertext = this.#crypto.chachaSeal(this.#key, this.#nonceOf(), ad, plaintext, out);
    this.#n += 1n;
    return ciphertext;
  }

  /** Opens under the next nonce. Undefined, with the same counter, after a bad tag, a wipe, or the last nonce. */
  open(ciphertext: Uint8Array, ad: Uint8Array = EMPTY): Uint8Array | undefined {
    if (this.#wiped || this.#n >= COUNTER_MAX) return undefined;
    const plaintext = this.#crypto.chachaOpen(this.#key, this.#nonceOf(), ad, ciphertext);
    if (plaintext !== undefined) this.#n += 1n;
    return plaintext;
  }

  /** Clears the key. Later calls refuse, because everybody knows a key of zeros. */
  wipe(): void {
    this.#wiped = true;
    this.#key.fill(0);
  }

  #nonceOf(): Uint8Array {
    this.#counter.setBigUint64(0, this.#n, true);
    return this.#nonce;
  }
}
redact(CipherState);
