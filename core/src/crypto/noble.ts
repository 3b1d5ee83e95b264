import { chacha20poly1305, xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { ed25519, x25519 } from '@noble/curves/ed25519.js';
import { argon2id } from '@noble/hashes/argon2.js';
import { blake2s } from '@noble/hashes/blake2.js';
import { blake3 } from '@noble/hashes/blake3.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256, sha512 } from '@noble/hashes/sha2.js';
import { ml_kem768_x25519 as xwing } from '@noble/post-quantum/hybrid.js';
import { ml_kem768 } from '@noble/post-quantum/ml-kem.js';
import { concat, equal } from '../bytes/index.ts';
import { verifyEd25519 } from './ed25519.ts';
import type { CryptoProvider, HashName, MlKemKeys } from './port.ts';
import { ristrettoElement, ristrettoMultiply } from './ristretto.ts';

const hashes = { BLAKE2s: blake2s, SHA256: sha256 } as const;
const ZERO = new Uint8Array(32);
const SEED_BYTES = 32;
const XWING_ESEED_BYTES = 64;
const SIGNING_KEY_BYTES = 64;

/** Runs a function that throws on bad input of others; undefined when it throws. */
function attempt<Value>(run: () => Value): Value | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}

function hashOf(name: HashName, parts: readonly Uint8Array[]): Uint8Array {
  const state = hashes[name].create();
  for (const part of parts) state.update(part);
  return state.digest();
}

/** The portable provider, which uses the noble packages alone. */
export const nobleCrypto: CryptoProvider = {
  chachaSeal: (key, nonce, ad, plaintext, out) => chacha20poly1305(key, nonce, ad).encrypt(plaintext, out),
  chachaOpen: (key, nonce, ad, ciphertext) => attempt(() => chacha20poly1305(key, nonce, ad).decrypt(ciphertext)),
  xchachaSeal: (key, nonce, ad, plaintext) => xchacha20poly1305(key, nonce, ad).encrypt(plaintext),
  xchachaOpen: (key, nonce, ad, ciphertext) => attempt(() => xchacha20poly1305(key, nonce, ad).decrypt(ciphertext)),
  x25519PublicKey: (secretKey) => x25519.getPublicKey(secretKey),
  x25519: (secretKey, publicKey) => {
    const shared = attempt(() => x25519.getSharedSecret(secretKey, publicKey));
    return shared === undefined || equal(shared, ZERO) ? undefined : shared;
  },
  mlkemKeys: (seed) => {
    const { publicKey, secretKey } = ml_kem768.keygen(seed);
    return { encapsulationKey: publicKey, decapsulationKey: secretKey };
  },
  mlkemEncapsulate: (encapsulationKey, m) =>
    attempt(() => {
      const { cipherText, sharedSecret } = ml_kem768.encapsulate(encapsulationKey, m);
      return { ciphertext: cipherText, sharedSecret };
    }),
  mlkemDecapsulate: (keys: MlKemKeys, ciphertext) =>
    ml_kem768.decapsulate(ciphertext, keys.decapsulationKey as Uint8Array),
  xwingPublicKey: (seed) => xwing.keygen(seed).publicKey,
  xwingEncapsulate: (publicKey, eseed) => {
    if (eseed.length !== XWING_ESEED_BYTES) throw new RangeError(`X-Wing eseed of ${eseed.length} bytes`);
    return attempt(() => {
      const { cipherText, sharedSecret } = xwing.encapsulate(publicKey, eseed);
      return { ciphertext: cipherText, sharedSecret };
    });
  },
  xwingDecapsulate: (seed, ciphertext) => {
    if (seed.length !== SEED_BYTES) throw new RangeError(`X-Wing seed of ${seed.length} bytes`);
    return attempt(() => xwing.decapsulate(ciphertext, seed));
  },
  ed25519PublicKey: (seed) => ed25519.getPublicKey(seed),
  ed25519SigningKey: (seed) => concat(seed, ed25519.getPublicKey(seed)),
  ed25519Sign: (message, signingKey) => {
    if (signingKey.length !== SIGNING_KEY_BYTES) throw new RangeError(`signing key of ${signingKey.length} bytes`);
    return ed25519.sign(message, signingKey.subarray(0, SEED_BYTES));
  },
  ed25519Verify: verifyEd25519,
  blake3: (...parts) => {
    const state = blake3.create({});
    for (const part of parts) state.update(part);
    return state.digest();
  },
  hash: (name, ...parts) => hashOf(name, parts),
  hmac: (name, key, ...parts) => hmac(hashes[name], key, concat(...parts)),
  sha512: (...parts) => sha512(concat(...parts)),
  hmacSha512: (key, ...parts) => hmac(sha512, key, concat(...parts)),
  ristrettoElement,
  ristrettoMultiply,
  hkdf: (secret, salt, info, length) => hkdf(sha256, secret, salt, info, length),
  argon2id: (password, salt, { memoryKib, iterations, parallelism }, length) =>
    argon2id(password, salt, { m: memoryKib, t: iterations, p: parallelism, dkLen: length }),
};
