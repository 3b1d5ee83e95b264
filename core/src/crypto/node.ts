import nodeCrypto, { type KeyObject } from 'node:crypto';
import { createBLAKE2s, createBLAKE3, type IHasher } from 'hash-wasm';
import sodiumNative from 'sodium-native';
import { concat, equal, wipe } from '../bytes/index.ts';
import { nobleCrypto } from './noble.ts';
import type { CryptoProvider, MlKemKeys, RandomSource } from './port.ts';
import { open, type Sodium, seal } from './sodium.ts';

const sodium = sodiumNative as unknown as Sodium;
const ZERO = new Uint8Array(32);
const HMAC_BLOCK_BYTES = 64;
/** An envelope of some kilobytes is hashed in one piece. */
const JOINT_BYTES = 8192;

/** The platform's random source. OV-05. */
export const nodeRandom: RandomSource = (length) => {
  const bytes = new Uint8Array(length);
  nodeCrypto.randomFillSync(bytes);
  return bytes;
};

/**
 * The faster provider for Node: libsodium, OpenSSL and hash-wasm, with the bytes and verdicts of the noble one (SC-21).
 * Encapsulation with a given m stays with noble, the only one that takes it; OpenSSL draws its own.
 */
export async function createNodeCrypto(): Promise<CryptoProvider> {
  const [blake3, blake2s] = await Promise.all([createBLAKE3(), createBLAKE2s()]);
  return {
    ...nobleCrypto,
    chachaSeal: seal(sodium.crypto_aead_chacha20poly1305_ietf_encrypt),
    chachaOpen: open(sodium.crypto_aead_chacha20poly1305_ietf_decrypt),
    xchachaSeal: seal(sodium.crypto_aead_xchacha20poly1305_ietf_encrypt),
    xchachaOpen: open(sodium.crypto_aead_xchacha20poly1305_ietf_decrypt),
    x25519PublicKey: (secretKey) => {
      const publicKey = new Uint8Array(32);
      sodium.crypto_scalarmult_base(publicKey, secretKey);
      return publicKey;
    },
    x25519,
    mlkemKeys,
    platformRandom: nodeRandom,
    mlkemKeysFresh,
    mlkemEncapsulateFresh,
    mlkemDecapsulate: ({ decapsulationKey }, ciphertext) =>
      bytesOf(nodeCrypto.decapsulate(decapsulationKey as KeyObject, ciphertext)),
    ed25519PublicKey: (seed) => {
      const { publicKey, secretKey } = signingKeys(seed);
      wipe(secretKey);
      return publicKey;
    },
    ed25519Sign: (message, seed) => {
      const { secretKey } = signingKeys(seed);
      const signature = new Uint8Array(64);
      sodium.crypto_sign_detached(signature, message, secretKey);
      wipe(secretKey);
      return signature;
    },
    ed25519Verify: (signature, message, publicKey) =>
      signature.length === 64 &&
      publicKey.length === 32 &&
      sodium.crypto_sign_verify_detached(signature, message, publicKey),
    blake3: (...parts) => digest(blake3, parts),
    hash: (name, ...parts) => (name === 'BLAKE2s' ? digest(blake2s, parts) : sha256(parts)),
    hmac: (name, key, ...parts) =>
      name === 'BLAKE2s'
        ? hmacBlake2s(blake2s, key, parts)
        : bytesOf(
            nodeCrypto
              .createHmac('sha256', key)
              .update(concat(...parts))
              .digest(),
          ),
    hkdf: (secret, salt, info, length) => new Uint8Array(nodeCrypto.hkdfSync('sha256', secret, salt, info, length)),
    argon2id: (password, salt, { memoryKib, iterations, parallelism }, length) =>
      bytesOf(
        nodeCrypto.argon2Sync('argon2id', {
          message: password,
          nonce: salt,
          parallelism,
          tagLength: length,
          memory: memoryKib,
          passes: iterations,
        }),
      ),
  };
}

function x25519(secretKey: Uint8Array, publicKey: Uint8Array): Uint8Array | undefined {
  if (publicKey.length !== 32) return undefined;
  const shared = new Uint8Array(32);
  try {
    sodium.crypto_scalarmult(shared, secretKey, publicKey);
  } catch {
    return undefined; // libsodium refuses an all-zero result by itself
  }
  return equal(shared, ZERO) ? undefined : shared;
}

function mlkemKeys(seed: Uint8Array): MlKemKeys {
  const input = { key: Buffer.from(seed), format: 'raw-seed', asymmetricKeyType: 'ml-kem-768' };
  const decapsulationKey = nodeCrypto.createPrivateKey(input as never);
  wipe(input.key);
  const exported: unknown = nodeCrypto.createPublicKey(decapsulationKey).export({ format: 'raw-public' } as never);
  return { encapsulationKey: bytesOf(exported as Buffer), decapsulationKey };
}

/** Less than half of what importing a seed costs, after which OpenSSL tries the pair out. */
function mlkemKeysFresh(): MlKemKeys {
  const { publicKey, privateKey } = nodeCrypto.generateKeyPairSync('ml-kem-768');
  const exported: unknown = publicKey.export({ format: 'raw-public' } as never);
  return { encapsulationKey: bytesOf(exported as Buffer), decapsulationKey: privateKey };
}

/** OpenSSL refuses a key that fails the modulus check when it imports it. HS-06. */
function mlkemEncapsulateFresh(encapsulationKey: Uint8Array) {
  const key = importMlkemKey(encapsulationKey);
  if (key === undefined) return undefined;
  const { ciphertext, sharedKey } = nodeCrypto.encapsulate(key);
  return { ciphertext: bytesOf(ciphertext), sharedSecret: bytesOf(sharedKey) };
}

/**
 * Undefined for a key that is refused. Node tells what it was given apart by exceptions that it catches itself; their stack
 * traces would cost as much as the import, so there are none meanwhile.
 */
function importMlkemKey(encapsulationKey: Uint8Array): KeyObject | undefined {
  const input = { key: encapsulationKey, format: 'raw-public', asymmetricKeyType: 'ml-kem-768' };
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return nodeCrypto.createPublicKey(input as never);
  } catch {
    return undefined;
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

function signingKeys(seed: Uint8Array): { publicKey: Uint8Array; secretKey: Uint8Array } {
  const publicKey = new Uint8Array(32);
  const secretKey = new Uint8Array(64);
  sodium.crypto_sign_seed_keypair(publicKey, secretKey, seed);
  return { publicKey, secretKey };
}

/** Short input goes over in one piece: a call into WebAssembly costs as much as to hash some hundred bytes. */
function digest(state: IHasher, parts: readonly Uint8Array[]): Uint8Array {
  const joined = join(parts);
  state.init();
  for (const part of joined === undefined ? parts : [joined]) state.update(part);
  wipe(joined);
  return state.digest('binary');
}

const joint = new Uint8Array(JOINT_BYTES);

/** The parts one behind the other, in memory that the next call overwrites; undefined when they are too long for it. */
function join(parts: readonly Uint8Array[]): Uint8Array | undefined {
  let total = 0;
  for (const part of parts) total += part.length;
  if (total > JOINT_BYTES) return undefined;
  let position = 0;
  for (const part of parts) {
    joint.set(part, position);
    position += part.length;
  }
  return joint.subarray(0, total);
}

function sha256(parts: readonly Uint8Array[]): Uint8Array {
  const state = nodeCrypto.createHash('sha256');
  for (const part of parts) state.update(part);
  return bytesOf(state.digest());
}

/** RFC 2104 over BLAKE2s. */
function hmacBlake2s(blake2s: IHasher, key: Uint8Array, parts: readonly Uint8Array[]): Uint8Array {
  const short = key.length > HMAC_BLOCK_BYTES ? digest(blake2s, [key]) : key;
  const inner = new Uint8Array(HMAC_BLOCK_BYTES).fill(0x36);
  const outer = new Uint8Array(HMAC_BLOCK_BYTES).fill(0x5c);
  for (let index = 0; index < short.length; index += 1) {
    const byte = short[index] ?? 0;
    inner[index] = byte ^ 0x36;
    outer[index] = byte ^ 0x5c;
  }
  const hash = digest(blake2s, [inner, ...parts]);
  const mac = digest(blake2s, [outer, hash]);
  wipe(inner, outer, hash);
  return mac;
}

/** The same memory as a plain Uint8Array. */
function bytesOf(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}
