import { homedir, hostname } from 'node:os';
import { join } from 'node:path';
import { createNodeCrypto, nodeRandom } from '@0k-sync/core/crypto/node';
import { QuicTransport } from '@0k-sync/transport/quic';
import { limits, type SyncSessionOptions as PortableOptions, SyncSession as PortableSession } from '../index.ts';
import { SqliteStore } from './sqlite-store.ts';

export * from '../index.ts';
export { SqliteStore } from './sqlite-store.ts';

/** Everything has a default in Node. */
export interface SyncSessionOptions extends Partial<PortableOptions> {
  /** Where this device keeps its data when no store is given; default `defaultDataDir()`. One group per directory. */
  readonly dataDir?: string;
}

/** The file in a data directory that holds a device. */
export const STORE_FILE_NAME = 'client.sqlite';

/** `$ZEROK_SYNC_DIR`, or `0k-sync` in `$XDG_DATA_HOME`, which is `~/.local/share` by default. */
export function defaultDataDir(): string {
  const { ZEROK_SYNC_DIR, XDG_DATA_HOME } = process.env;
  return ZEROK_SYNC_DIR || join(XDG_DATA_HOME || join(homedir(), '.local', 'share'), '0k-sync');
}

/** A device's session with its group. */
export type SyncSession = PortableSession;

/** SyncSession with Node's defaults: QUIC, SQLite, and the faster cryptography. */
export const SyncSession = {
  /** As the portable `SyncSession.new`; every option may be left away. */
  async new(
    groupId?: string | Uint8Array,
    relays: readonly string[] = [],
    options: SyncSessionOptions = {},
  ): Promise<PortableSession> {
    const { dataDir = defaultDataDir(), ...given } = options;
    const crypto = given.crypto ?? (await createNodeCrypto());
    const store = given.store ?? new SqliteStore(join(dataDir, STORE_FILE_NAME));
    const transport = given.transport ?? new QuicTransport();
    const defaults = { crypto, store, transport, random: nodeRandom, deviceName: machineName() };
    return await PortableSession.new(groupId, relays, { ...defaults, ...given });
  },
};

/** What other members see by default. */
function machineName(): string {
  const name = hostname();
  return Buffer.byteLength(name) > limits.DEVICE_NAME_BYTES_MAX ? '' : name;
}
