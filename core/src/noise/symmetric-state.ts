import { wipe } from '../bytes/index.ts';
import type { CryptoProvider, HashName } from '../crypto/index.ts';
import { redact } from '../redact.ts';
import { CipherState } from './cipher-state.ts';

const HASH_BYTES = 32;
const EMPTY = new Uint8Array(0);

/** h, ck, k and n of a handshake. Noise §5.2; the hash is a parameter. */
export class SymmetricState {
  readonly #crypto: CryptoProvider;
  readonly #hash: HashName;
  #h: Uint8Array;
  #ck: Uint8Array;
  #cipher: CipherState | undefined;

  /** Sets h and ck to the name, zero-padded to 32 bytes, or to its hash if the name is longer. */
  constructor(crypto: CryptoProvider, hash: HashName, protocolName: Uint8Array) {
    this.#crypto = crypto;
    this.#hash = hash;
    this.#h = new Uint8Array(HASH_BYTES);
    if (protocolName.length <= HASH_BYTES) this.#h.set(protocolName);
    else this.#h = crypto.hash(hash, protocolName);
    this.#ck = this.#h.slice();
  }

  /** 32 bytes. */
  get handshakeHash(): Uint8Array {
    return this.#h;
  }

  /** Copies of the state after a token, for transcripts. */
  get snapshot(): { h: Uint8Array; ck: Uint8Array; k: Uint8Array | undefined; n: bigint } {
    return { h: this.#h.slice(), ck: this.#ck.slice(), k: this.#cipher?.key.slice(), n: this.#cipher?.n ?? 0n };
  }

  mixHash(data: Uint8Array): void {
    this.#h = this.#crypto.hash(this.#hash, this.#h, data);
  }

  mixKey(ikm: Uint8Array): void {
    const [ck, k] = this.#hkdf(ikm, 2);
    this.#replace(ck, k);
  }

  mixKeyAndHash(ikm: Uint8Array): void {
    const [ck, t, k] = this.#hkdf(ikm, 3);
    this.mixHash(t);
    this.#replace(ck, k);
  }

  encryptAndHash(plaintext: Uint8Array): Uint8Array {
    const ciphertext = this.#cipher?.seal(plaintext, this.#h) ?? plaintext;
    this.mixHash(ciphertext);
    return ciphertext;
  }

  /** Opens a ciphertext; undefined when it does not authenticate. HS-03. */
  decryptAndHash(ciphertext: Uint8Array): Uint8Array | undefined {
    const plaintext = this.#cipher === undefined ? ciphertext : this.#cipher.open(ciphertext, this.#h);
    if (plaintext !== undefined) this.mixHash(ciphertext);
    return plaintext;
  }

  /** Returns both directions' ciphers and the exporter, and wipes this state. HS-14. */
  split(): { initiator: CipherState; responder: CipherState; exporter: Uint8Array } {
    const [first, second, exporter] = this.#hkdf(EMPTY, 3);
    const initiator = new CipherState(this.#crypto, first);
    const responder = new CipherState(this.#crypto, second);
    this.wipe();
    return { initiator, responder, exporter };
  }

  wipe(): void {
    wipe(this.#ck);
    this.#cipher?.wipe();
  }

  #replace(ck: Uint8Array, k: Uint8Array): void {
    this.wipe();
    this.#ck = ck;
    this.#cipher = new CipherState(this.#crypto, k);
  }

  /** Computes HKDF(ck, ikm): two or three outputs of 32 bytes. Noise §4.3. */
  #hkdf(ikm: Uint8Array, count: 2): [Uint8Array, Uint8Array];
  #hkdf(ikm: Uint8Array, count: 3): [Uint8Array, Uint8Array, Uint8Array];
  #hkdf(ikm: Uint8Array, count: 2 | 3): Uint8Array[] {
    const hmac = (key: Uint8Array, ...parts: Uint8Array[]) => this.#crypto.hmac(this.#hash, key, ...parts);
    const temporary = hmac(this.#ck, ikm);
    const first = hmac(temporary, Uint8Array.of(1));
    const second = hmac(temporary, first, Uint8Array.of(2));
    const outputs = count === 2 ? [first, second] : [first, second, hmac(temporary, second, Uint8Array.of(3))];
    wipe(temporary);
    return outputs;
  }
}
redact(SymmetricState);
