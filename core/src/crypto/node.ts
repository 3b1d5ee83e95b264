import { nobleCrypto } from './noble.ts';
import { type Accelerators, loadAccelerators } from './node/accelerators.ts';
import { opensslArgon2, opensslHashes } from './node/openssl.ts';
import { opensslKem } from './node/openssl-kem.ts';
import { sodiumCrypto } from './node/sodium.ts';
import { wasmHashes } from './node/wasm-hashes.ts';
import type { CryptoProvider } from './port.ts';

export { type Accelerators, describeMissing, loadAccelerators } from './node/accelerators.ts';
export { nodeRandom } from './node/openssl.ts';

/**
 * Makes the fastest provider for Node, Bun or Deno: each primitive from OpenSSL if this runtime's `node:crypto` has it, and
 * from libsodium and hash-wasm where they are installed. The noble provider does the rest. Bytes and verdicts are the same
 * as that one's. SC-21.
 *
 * @param accelerators the packages to use; default: those that are installed
 */
export async function createNodeCrypto(accelerators?: Accelerators): Promise<CryptoProvider> {
  const { sodium, hashWasm } = accelerators ?? (await loadAccelerators());
  return {
    ...nobleCrypto,
    ...opensslHashes,
    ...opensslKem(),
    ...(sodium && sodiumCrypto(sodium)),
    ...(hashWasm && (await wasmHashes(hashWasm))),
    ...opensslArgon2(),
  };
}
