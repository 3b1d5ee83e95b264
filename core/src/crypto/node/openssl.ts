import nodeCrypto from 'node:crypto';
import { concat, wipe } from '../../bytes/index.ts';
import { nobleCrypto } from '../noble.ts';
import type { Argon2idParameters, CryptoProvider, RandomSource } from '../port.ts';
import { bytesOf } from './buffer.ts';

const POOL_BYTES = 4096;
/** Ids and nonces; secrets are longer. */
const POOLED_BYTES_MAX = 24;
const pool = new Uint8Array(POOL_BYTES);
let poolUsed = POOL_BYTES;

/**
 * The platform's random source. OV-05. Ids and nonces come from one draw for many, because each draw costs 4 microseconds;
 * no byte is given twice.
 */
export const nodeRandom: RandomSource = (length) => {
  const bytes = new Uint8Array(length);
  if (length <= POOLED_BYTES_MAX) return takePooled(bytes);
  nodeCrypto.randomFillSync(bytes);
  return bytes;
};

function takePooled(bytes: Uint8Array): Uint8Array {
  if (poolUsed + bytes.length > POOL_BYTES) {
    nodeCrypto.randomFillSync(pool);
    poolUsed = 0;
  }
  const taken = pool.subarray(poolUsed, poolUsed + bytes.length);
  poolUsed += bytes.length;
  bytes.set(taken);
  wipe(taken);
  return bytes;
}

/** The hashes of the port that OpenSSL carries out in every runtime with `node:crypto`. */
export const opensslHashes = {
  hash: (name, ...parts) => (name === 'SHA256' ? sha256(parts) : nobleCrypto.hash(name, ...parts)),
  hmac: (name, key, ...parts) => (name === 'SHA256' ? hmacSha256(key, parts) : nobleCrypto.hmac(name, key, ...parts)),
  hkdf: (secret, salt, info, length) => new Uint8Array(nodeCrypto.hkdfSync('sha256', secret, salt, info, length)),
} satisfies Partial<CryptoProvider>;

/**
 * Argon2id by OpenSSL, where it works: Node 24.7 or later. Node 22 and Deno have no such function, and that of Bun 1.4.0
 * always throws, so one small call tells.
 */
export function opensslArgon2(): Partial<CryptoProvider> {
  const parameters = { memoryKib: 8, iterations: 1, parallelism: 1 };
  try {
    argon2id(new Uint8Array(1), new Uint8Array(16), parameters, 32);
    return { argon2id };
  } catch {
    return {};
  }
}

function argon2id(
  password: Uint8Array,
  salt: Uint8Array,
  { memoryKib, iterations, parallelism }: Argon2idParameters,
  length: number,
): Uint8Array {
  return bytesOf(
    nodeCrypto.argon2Sync('argon2id', {
      message: password,
      nonce: salt,
      parallelism,
      tagLength: length,
      memory: memoryKib,
      passes: iterations,
    }),
  );
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
