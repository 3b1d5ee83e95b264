import type { CryptoProvider } from '@0k-sync/core/crypto';
import { createNodeCrypto, describeMissing, loadAccelerators } from '@0k-sync/core/crypto/node';
import { assertRuntime } from './runtime.ts';

/** The code of the warning about missing accelerators: `node --disable-warning=0K_SYNC_SLOW` silences it. */
export const SLOW_WARNING = '0K_SYNC_SLOW';

let hasWarned = false;

/**
 * The fastest provider that is installed. If `sodium-native` or `hash-wasm` is missing, a process warning (code SLOW_WARNING)
 * says once what is slower. Rejects with SyncError kind `unsupported` on a runtime that is too old.
 */
export async function defaultCrypto(): Promise<CryptoProvider> {
  assertRuntime();
  const accelerators = await loadAccelerators();
  const message = describeMissing(accelerators);
  if (message !== undefined && !hasWarned) {
    hasWarned = true;
    process.emitWarning(message, { code: SLOW_WARNING, detail: 'Run: npm install --include=optional' });
  }
  return createNodeCrypto(accelerators);
}
