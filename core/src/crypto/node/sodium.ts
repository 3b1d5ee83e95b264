import { equal, Slab, wipe } from '../../bytes/index.ts';
import { nobleCrypto } from '../noble.ts';
import type { Argon2idParameters, CryptoProvider } from '../port.ts';

type Encrypt = (
  ciphertext: Uint8Array,
  plaintext: Uint8Array,
  ad: Uint8Array,
  unused: null,
  nonce: Uint8Array,
  key: Uint8Array,
) => void;
type Decrypt = (
  plaintext: Uint8Array,
  unused: null,
  ciphertext: Uint8Array,
  ad: Uint8Array,
  nonce: Uint8Array,
  key: Uint8Array,
) => void;

/** The functions of sodium-native that the Node provider calls; its published types lag behind it. */
export interface Sodium {
  crypto_aead_chacha20poly1305_ietf_encrypt: Encrypt;
  crypto_aead_chacha20poly1305_ietf_decrypt: Decrypt;
  crypto_aead_xchacha20poly1305_ietf_encrypt: Encrypt;
  crypto_aead_xchacha20poly1305_ietf_decrypt: Decrypt;
  crypto_scalarmult_base(publicKey: Uint8Array, secretKey: Uint8Array): void;
  crypto_scalarmult(shared: Uint8Array, secretKey: Uint8Array, publicKey: Uint8Array): void;
  crypto_sign_seed_keypair(publicKey: Uint8Array, secretKey: Uint8Array, seed: Uint8Array): void;
  crypto_sign_detached(signature: Uint8Array, message: Uint8Array, secretKey: Uint8Array): void;
  /** Cofactorless; refuses S >= L, and A and R that are not canonical or of small order. SC-20. */
  crypto_sign_verify_detached(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean;
  /** Argon2 with one lane; the salt has 16 bytes, the memory is in bytes. */
  crypto_pwhash(
    output: Uint8Array,
    password: Uint8Array,
    salt: Uint8Array,
    iterations: number,
    memoryBytes: number,
    algorithm: number,
  ): void;
  readonly crypto_pwhash_ALG_ARGON2ID13: number;
}

const ZERO = new Uint8Array(32);
/** Records are short-lived, and so is what is opened: whoever keeps a part of it copies that part. */
const records = new Slab();
const opened = new Slab();
const TAG_BYTES = 16;
const PWHASH_SALT_BYTES = 16;
const PWHASH_OUTPUT_BYTES_MIN = 16;

/** The part of the port that libsodium carries out. */
export function sodiumCrypto(sodium: Sodium) {
  return {
    chachaSeal: seal(sodium.crypto_aead_chacha20poly1305_ietf_encrypt, (length) => records.take(length)),
    chachaOpen: open(sodium.crypto_aead_chacha20poly1305_ietf_decrypt, (length) => records.take(length)),
    xchachaSeal: seal(sodium.crypto_aead_xchacha20poly1305_ietf_encrypt, fresh),
    xchachaOpen: open(sodium.crypto_aead_xchacha20poly1305_ietf_decrypt, (length) => opened.take(length)),
    x25519PublicKey: (secretKey) => {
      const publicKey = new Uint8Array(32);
      sodium.crypto_scalarmult_base(publicKey, secretKey);
      return publicKey;
    },
    x25519: (secretKey, publicKey) => x25519(sodium, secretKey, publicKey),
    ed25519PublicKey: (seed) => {
      const { publicKey, secretKey } = signingKeys(sodium, seed);
      wipe(secretKey);
      return publicKey;
    },
    ed25519SigningKey: (seed) => signingKeys(sodium, seed).secretKey,
    ed25519Sign: (message, signingKey) => {
      const signature = new Uint8Array(64);
      sodium.crypto_sign_detached(signature, message, signingKey);
      return signature;
    },
    ed25519Verify: (signature, message, publicKey) =>
      signature.length === 64 &&
      publicKey.length === 32 &&
      sodium.crypto_sign_verify_detached(signature, message, publicKey),
    argon2id: (password, salt, parameters, length) => argon2id(sodium, password, salt, parameters, length),
  } satisfies Partial<CryptoProvider>;
}

function x25519(sodium: Sodium, secretKey: Uint8Array, publicKey: Uint8Array): Uint8Array | undefined {
  if (publicKey.length !== 32) return undefined;
  const shared = new Uint8Array(32);
  try {
    sodium.crypto_scalarmult(shared, secretKey, publicKey);
  } catch {
    return undefined; // libsodium refuses an all-zero result by itself
  }
  return equal(shared, ZERO) ? undefined : shared;
}

/** libsodium computes one lane, a salt of 16 bytes and no short output; the noble provider does the rest. */
function argon2id(
  sodium: Sodium,
  password: Uint8Array,
  salt: Uint8Array,
  parameters: Argon2idParameters,
  length: number,
): Uint8Array {
  const { memoryKib, iterations, parallelism } = parameters;
  const fits = parallelism === 1 && salt.length === PWHASH_SALT_BYTES && length >= PWHASH_OUTPUT_BYTES_MIN;
  if (!fits) return nobleCrypto.argon2id(password, salt, parameters, length);
  const output = new Uint8Array(length);
  sodium.crypto_pwhash(output, password, salt, iterations, memoryKib * 1024, sodium.crypto_pwhash_ALG_ARGON2ID13);
  return output;
}

function signingKeys(sodium: Sodium, seed: Uint8Array): { publicKey: Uint8Array; secretKey: Uint8Array } {
  const publicKey = new Uint8Array(32);
  const secretKey = new Uint8Array(64);
  sodium.crypto_sign_seed_keypair(publicKey, secretKey, seed);
  return { publicKey, secretKey };
}

/** Makes an array for a result. */
type Allocate = (length: number) => Uint8Array;

function fresh(length: number): Uint8Array {
  return new Uint8Array(length);
}

function seal(encrypt: Encrypt, allocate: Allocate) {
  return (key: Uint8Array, nonce: Uint8Array, ad: Uint8Array, plaintext: Uint8Array, out?: Uint8Array): Uint8Array => {
    const ciphertext = out ?? allocate(plaintext.length + TAG_BYTES);
    encrypt(ciphertext, plaintext, ad, null, nonce, key);
    return ciphertext;
  };
}

function open(decrypt: Decrypt, allocate: Allocate) {
  return (key: Uint8Array, nonce: Uint8Array, ad: Uint8Array, ciphertext: Uint8Array): Uint8Array | undefined => {
    if (ciphertext.length < TAG_BYTES) return undefined;
    const plaintext = allocate(ciphertext.length - TAG_BYTES);
    try {
      decrypt(plaintext, null, ciphertext, ad, nonce, key);
      return plaintext;
    } catch {
      return undefined;
    }
  };
}
