import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { blake2s } from '@noble/hashes/blake2.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';

const HASHES = { BLAKE2s: blake2s, SHA256: sha256 } as const;
const EMPTY: Uint8Array = new Uint8Array(0);

/** h, ck and k of a symmetric state, 32 bytes each; k is null before the first MixKey. */
export type Snapshot = {
  readonly h: Uint8Array;
  readonly ck: Uint8Array;
  readonly k: Uint8Array | null;
  readonly n: number;
};

/** Keys of the records and the exporter, 32 bytes each. */
export type SplitKeys = {
  readonly initiatorToResponder: Uint8Array;
  readonly responderToInitiator: Uint8Array;
  readonly exporter: Uint8Array;
};

/** SymmetricState and CipherState of Noise §5.1 and §5.2 in one, with MixKeyAndHash. */
export class SymmetricState {
  readonly #hash: (typeof HASHES)[keyof typeof HASHES];
  #h: Uint8Array;
  #ck: Uint8Array;
  #k: Uint8Array | null = null;
  #n = 0;

  /** InitializeSymmetric: a name of at most 32 bytes is padded with zeros, a longer one hashed. */
  constructor(protocolName: string) {
    this.#hash = protocolName.endsWith('SHA256') ? HASHES.SHA256 : HASHES.BLAKE2s;
    const name = utf8ToBytes(protocolName);
    const padded = new Uint8Array(32);
    if (name.length <= 32) padded.set(name);
    this.#h = name.length <= 32 ? padded : this.#hash(name);
    this.#ck = this.#h;
  }

  get snapshot(): Snapshot {
    return { h: this.#h, ck: this.#ck, k: this.#k, n: this.#n };
  }

  mixHash(data: Uint8Array): void {
    this.#h = this.#hash(concatBytes(this.#h, data));
  }

  mixKey(material: Uint8Array): void {
    const [chainingKey, key] = this.#derive(material);
    this.#ck = chainingKey;
    this.#k = key;
    this.#n = 0;
  }

  mixKeyAndHash(material: Uint8Array): void {
    const [chainingKey, hashed, key] = this.#derive(material);
    this.#ck = chainingKey;
    this.mixHash(hashed);
    this.#k = key;
    this.#n = 0;
  }

  encryptAndHash(plaintext: Uint8Array): Uint8Array {
    const ciphertext = this.#k === null ? plaintext : sealRecord(this.#k, this.#n, plaintext, this.#h);
    if (this.#k !== null) this.#n += 1;
    this.mixHash(ciphertext);
    return ciphertext;
  }

  decryptAndHash(ciphertext: Uint8Array): Uint8Array {
    const plaintext = this.#k === null ? ciphertext : openRecord(this.#k, this.#n, ciphertext, this.#h);
    if (this.#k !== null) this.#n += 1;
    this.mixHash(ciphertext);
    return plaintext;
  }

  split(): SplitKeys {
    const [initiatorToResponder, responderToInitiator, exporter] = this.#derive(EMPTY);
    return { initiatorToResponder, responderToInitiator, exporter };
  }

  /** HKDF of Noise §4.3 with the chaining key, three outputs. */
  #derive(material: Uint8Array): [Uint8Array, Uint8Array, Uint8Array] {
    const key = hmac(this.#hash, this.#ck, material);
    const first = hmac(this.#hash, key, Uint8Array.of(1));
    const second = hmac(this.#hash, key, concatBytes(first, Uint8Array.of(2)));
    const third = hmac(this.#hash, key, concatBytes(second, Uint8Array.of(3)));
    return [first, second, third];
  }
}

/** ChaCha20-Poly1305 with the counter n; the 16-byte tag at the end. */
export function sealRecord(key: Uint8Array, n: number, plaintext: Uint8Array, associatedData = EMPTY): Uint8Array {
  return chacha20poly1305(key, nonceOf(n), associatedData).encrypt(plaintext);
}

/** The reverse of sealRecord; throws when the tag is wrong. */
export function openRecord(key: Uint8Array, n: number, ciphertext: Uint8Array, associatedData = EMPTY): Uint8Array {
  return chacha20poly1305(key, nonceOf(n), associatedData).decrypt(ciphertext);
}

/** 4 zero bytes, then n as u64 little-endian. */
function nonceOf(n: number): Uint8Array {
  const nonce = new Uint8Array(12);
  new DataView(nonce.buffer).setBigUint64(4, BigInt(n), true);
  return nonce;
}
