import { homedir, hostname } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { nodeRandom } from '@0k-sync/core/crypto/node';
import { QuicTransport } from '@0k-sync/transport/quic';
import { limits, type SyncSessionOptions as PortableOptions, SyncSession as PortableSession } from '../index.ts';
import { defaultCrypto } from './default-crypto.ts';
import { SqliteStore } from './sqlite/sqlite-store.ts';

export * from '../index.ts';
export { SLOW_WARNING } from './default-crypto.ts';
export { SqliteDeviceStore } from './sqlite/device-store.ts';
export { SqliteStore } from './sqlite/sqlite-store.ts';

/** Options of a session in Node; every one has a default. */
export interface SyncSessionOptions extends Partial<PortableOptions> {
  /** Directory of this device's data, if no store is given; default `defaultDataDir()`. One group per directory. */
  readonly dataDir?: string;
}

/** Name of the file in a data directory that holds the device's data. */
export const STORE_FILE_NAME = 'client.sqlite';

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

/** The portable SyncSession with Node's defaults: QUIC, SQLite, and native cryptography. */
export class SyncSession extends PortableSession {
  /**
   * Works like the portable `SyncSession.new`; every option can be omitted. The device name defaults to the host name.
   */
  static override async new(
    groupId?: string | Uint8Array,
    relays: readonly string[] = [],
    options: SyncSessionOptions = {},
  ): Promise<SyncSession> {
    const { dataDir = defaultDataDir(), ...given } = options;
    const crypto = given.crypto ?? (await defaultCrypto());
    const store = given.store ?? new SqliteStore(join(dataDir, STORE_FILE_NAME));
    const transport = given.transport ?? new QuicTransport();
    const defaults = { crypto, store, transport, random: nodeRandom, deviceName: machineName() };
    // biome-ignore lint/complexity/noThisInStatic: a class of the app that extends this one gets its own instances
    return await super.new(groupId, relays, { ...defaults, ...given });
  }
}

/** The host name, or nothing if it is longer than a device name may be. GR-16. */
function machineName(): string {
  const name = hostname();
  return Buffer.byteLength(name) > limits.DEVICE_NAME_BYTES_MAX ? '' : name;
}
