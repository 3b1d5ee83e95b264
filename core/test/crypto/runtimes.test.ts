import nodeCrypto from 'node:crypto';
import { nobleCrypto } from '@0k-sync/core/crypto';
import { createNodeCrypto, loadAccelerators } from '@0k-sync/core/crypto/node';
import t from 'tap';

const accelerators = await loadAccelerators();
const SEED = new Uint8Array(64).fill(5);
const PASSWORD = new Uint8Array(9).fill(6);

/** The provider of a runtime whose `node:crypto` lacks a function, as those of Node 22, Bun and Deno do. */
async function providerWithout(name: keyof typeof nodeCrypto, installed: typeof accelerators) {
  const functions = nodeCrypto as unknown as Record<string, unknown>;
  const kept = functions[name];
  functions[name] = undefined;
  try {
    return await createNodeCrypto(installed);
  } finally {
    functions[name] = kept;
  }
}

for (const missing of ['encapsulate', 'decapsulate'] as const) {
  t.test(`SC-21 without ${missing} of node:crypto, noble does all of ML-KEM-768`, async (t) => {
    const crypto = await providerWithout(missing, accelerators);
    t.equal(crypto.mlkemKeysFresh, undefined);
    t.equal(crypto.mlkemEncapsulateFresh, undefined);
    const keys = crypto.mlkemKeys(SEED);
    t.strictSame(keys, nobleCrypto.mlkemKeys(SEED));
    const sealed = crypto.mlkemEncapsulate(keys.encapsulationKey, SEED.subarray(0, 32));
    t.strictSame(crypto.mlkemDecapsulate(keys, sealed?.ciphertext ?? SEED), sealed?.sharedSecret);
  });
}

t.test('SC-21 without argon2Sync of node:crypto, Argon2id gives the same bytes by libsodium or noble', async (t) => {
  const libsodium = await providerWithout('argon2Sync', accelerators);
  const noble = await providerWithout('argon2Sync', {});
  t.equal(noble.argon2id, nobleCrypto.argon2id);
  t.not(libsodium.argon2id, nobleCrypto.argon2id);
  const openssl = await createNodeCrypto(accelerators);
  for (const [parallelism, saltBytes, length] of [
    [1, 16, 32],
    [1, 16, 8],
    [1, 8, 32],
    [2, 16, 32],
  ] as const) {
    const salt = SEED.subarray(0, saltBytes);
    const parameters = { memoryKib: 64, iterations: 2, parallelism };
    const expected = nobleCrypto.argon2id(PASSWORD, salt, parameters, length);
    for (const crypto of [libsodium, noble, openssl]) {
      t.strictSame(crypto.argon2id(PASSWORD, salt, parameters, length), expected);
    }
  }
});
