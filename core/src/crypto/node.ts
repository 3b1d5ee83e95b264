import { nobleCrypto } from './noble.ts';
import { type Accelerators, loadAccelerators } from './node/accelerators.ts';
import { opensslCrypto } from './node/openssl.ts';
import { sodiumCrypto } from './node/sodium.ts';
import { wasmHashes } from './node/wasm-hashes.ts';
import type { CryptoProvider } from './port.ts';

export { type Accelerators, describeMissing, loadAccelerators } from './node/accelerators.ts';
export { nodeRandom } from './node/openssl.ts';

/**
 * Makes the faster provider for Node from OpenSSL, and from libsodium and hash-wasm where they are installed. The noble
 * provider does the rest. Bytes and verdicts are the same as that one's. SC-21.
 *
 * @param accelerators the packages to use; default: those that are installed
 */
export async function createNodeCrypto(accelerators?: Accelerators): Promise<CryptoProvider> {
  const { sodium, hashWasm } = accelerators ?? (await loadAccelerators());
  return {
    ...nobleCrypto,
    ...opensslCrypto,
    ...(sodium && sodiumCrypto(sodium)),
    ...(hashWasm && (await wasmHashes(hashWasm))),
  };
}
