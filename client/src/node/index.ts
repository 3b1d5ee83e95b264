import { join } from 'node:path';
import { type SyncSessionOptions as PortableOptions, SyncSession as PortableSession } from '../index.ts';
import { withoutUndefined } from '../session/options.ts';
import { defaultDataDir, nodeDefaults, STORE_FILE_NAME } from './defaults.ts';
import { SqliteStore } from './sqlite/sqlite-store.ts';

export * from '../index.ts';
export { SLOW_WARNING } from './default-crypto.ts';
export { defaultDataDir, STORE_FILE_NAME, TABLES_FILE_NAME } from './defaults.ts';
export { type DeviceOptions, openDevice } from './open-device.ts';
export { SqliteDeviceStore } from './sqlite/device-store.ts';
export { SqliteStore } from './sqlite/sqlite-store.ts';
export { SqliteTables } from './sqlite/sqlite-tables.ts';

/** Options of a session in Node; every one has a default. */
export interface SyncSessionOptions extends Partial<PortableOptions> {
  /** Directory of this device's data, if no store is given; default `defaultDataDir()`. The session uses its first group. */
  readonly dataDir?: string;
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
    const { name: deviceName, ...defaults } = await nodeDefaults(given);
    const store = given.store ?? new SqliteStore(join(dataDir, STORE_FILE_NAME));
    // biome-ignore lint/complexity/noThisInStatic: a class of the app that extends this one gets its own instances
    return await super.new(groupId, relays, { deviceName, ...defaults, ...withoutUndefined(given), store });
  }
}
