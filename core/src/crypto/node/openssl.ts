import nodeCrypto, { type KeyObject } from 'node:crypto';
import { concat, wipe } from '../../bytes/index.ts';
import { nobleCrypto } from '../noble.ts';
import type { CryptoProvider, MlKemKeys, RandomSource } from '../port.ts';

/** The platform's random source. OV-05. */
export const nodeRandom: RandomSource = (length) => {
  const bytes = new Uint8Array(length);
  nodeCrypto.randomFillSync(bytes);
  return bytes;
};

/**
 * The part of the port that Node's OpenSSL carries out. Encapsulation with a given m is missing, because OpenSSL draws
 * m itself.
 */
export const opensslCrypto = {
  mlkemKeys,
  platformRandom: nodeRandom,
  mlkemKeysFresh,
  mlkemEncapsulateFresh,
  mlkemDecapsulate: ({ decapsulationKey }, ciphertext) =>
    bytesOf(nodeCrypto.decapsulate(decapsulationKey as KeyObject, ciphertext)),
  hash: (name, ...parts) => (name === 'SHA256' ? sha256(parts) : nobleCrypto.hash(name, ...parts)),
  hmac: (name, key, ...parts) => (name === 'SHA256' ? hmacSha256(key, parts) : nobleCrypto.hmac(name, key, ...parts)),
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
} satisfies Partial<CryptoProvider>;

function mlkemKeys(seed: Uint8Array): MlKemKeys {
  const input = { key: Buffer.from(seed), format: 'raw-seed', asymmetricKeyType: 'ml-kem-768' };
  const decapsulationKey = nodeCrypto.createPrivateKey(input as never);
  wipe(input.key);
  const exported: unknown = nodeCrypto.createPublicKey(decapsulationKey).export({ format: 'raw-public' } as never);
  return { encapsulationKey: bytesOf(exported as Buffer), decapsulationKey };
}

/** Costs less than half of importing a seed, because OpenSSL tests an imported pair. */
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
 * Imports a key; undefined when OpenSSL refuses it. Node recognises its input by exceptions that it catches itself.
 * Their stack traces would cost as much as the import, so they are off meanwhile.
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

function sha256(parts: readonly Uint8Array[]): Uint8Array {
  const state = nodeCrypto.createHash('sha256');
  for (const part of parts) state.update(part);
  return bytesOf(state.digest());
}

function hmacSha256(key: Uint8Array, parts: readonly Uint8Array[]): Uint8Array {
  return bytesOf(
    nodeCrypto
      .createHmac('sha256', key)
      .update(concat(...parts))
      .digest(),
  );
}

/** Views the same memory as a plain Uint8Array. */
function bytesOf(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}
