import nodeCrypto, { type KeyObject } from 'node:crypto';
import { equal, wipe } from '../../bytes/index.ts';
import type { CryptoProvider, MlKemKeys } from '../port.ts';
import { bytesOf } from './buffer.ts';
import { nodeRandom } from './openssl.ts';

const PROBE_SEED = new Uint8Array(64).fill(1);

/**
 * ML-KEM-768 by OpenSSL. Encapsulation with a given m is missing, because OpenSSL draws m itself.
 */
const mlkem = {
  mlkemKeys,
  platformRandom: nodeRandom,
  mlkemKeysFresh,
  mlkemEncapsulateFresh,
  mlkemDecapsulate,
} satisfies Partial<CryptoProvider>;

/**
 * ML-KEM-768 by OpenSSL, where every part of it works: Node 24.15 or later. Node 22, Bun and Deno lack parts of it. One
 * exchange tells, because a key of one provider does not fit the other.
 */
export function opensslKem(): Partial<CryptoProvider> {
  return completesAnExchange() ? mlkem : {};
}

function completesAnExchange(): boolean {
  try {
    const keys = mlkemKeys(PROBE_SEED);
    const sealed = mlkemEncapsulateFresh(keys.encapsulationKey);
    return sealed !== undefined && equal(mlkemDecapsulate(keys, sealed.ciphertext), sealed.sharedSecret);
  } catch {
    return false;
  }
}

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

function mlkemDecapsulate({ decapsulationKey }: MlKemKeys, ciphertext: Uint8Array): Uint8Array {
  return bytesOf(nodeCrypto.decapsulate(decapsulationKey as KeyObject, ciphertext));
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
