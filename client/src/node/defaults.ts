import { homedir, hostname } from 'node:os';
import { isAbsolute, join } from 'node:path';
import type { CryptoProvider } from '@0k-sync/core/crypto';
import { nodeRandom } from '@0k-sync/core/crypto/node';
import type { Transport } from '@0k-sync/transport';
import { QuicTransport } from '@0k-sync/transport/quic';
import { limits } from '../index.ts';
import { defaultCrypto } from './default-crypto.ts';

/** Name of the file in a data directory that holds the device's data. */
export const STORE_FILE_NAME = 'client.sqlite';

/** Name of the file in a data directory that holds the app's own tables. */
export const TABLES_FILE_NAME = 'app.sqlite';

/**
 * The default data directory: `$ZEROK_SYNC_DIR`, otherwise `0k-sync` in `$XDG_DATA_HOME`, otherwise
 * `~/.local/share/0k-sync`. A relative `$XDG_DATA_HOME` does not count (XDG base directory specification).
 */
export function defaultDataDir(environment: Readonly<Record<string, string | undefined>> = process.env): string {
  const { ZEROK_SYNC_DIR, XDG_DATA_HOME } = environment;
  if (ZEROK_SYNC_DIR) return ZEROK_SYNC_DIR;
  const base = XDG_DATA_HOME && isAbsolute(XDG_DATA_HOME) ? XDG_DATA_HOME : join(homedir(), '.local', 'share');
  return join(base, '0k-sync');
}

interface Given {
  readonly crypto?: CryptoProvider | undefined;
  readonly transport?: Transport | undefined;
}

/** The defaults in Node for options that the app omits: native cryptography, QUIC, and the host name. */
export async function nodeDefaults({ crypto, transport }: Given) {
  return {
    crypto: crypto ?? (await defaultCrypto()),
    transport: transport ?? new QuicTransport(),
    random: nodeRandom,
    name: machineName(),
  };
}

/** The host name, or nothing if it is longer than a device name may be. GR-16. */
function machineName(): string {
  const name = hostname();
  return Buffer.byteLength(name) > limits.DEVICE_NAME_BYTES_MAX ? '' : name;
}
