import { join } from 'node:path';
import { type Device, openDevice as openPortable, type DeviceOptions as PortableOptions } from '../index.ts';
import { withoutUndefined } from '../session/options.ts';
import { defaultDataDir, nodeDefaults, STORE_FILE_NAME, TABLES_FILE_NAME } from './defaults.ts';
import { SqliteDeviceStore } from './sqlite/device-store.ts';
import { SqliteTables } from './sqlite/sqlite-tables.ts';

/** Options of a device in Node; every one has a default. */
export interface DeviceOptions extends Partial<PortableOptions> {
  /**
   * Directory of this device's data and of the app's tables, if no store is given; default `defaultDataDir()`. One process at a
   * time may use it.
   */
  readonly dataDir?: string;
}

/** Works like the portable `openDevice`; every option can be omitted. The name defaults to the host name. */
export async function openDevice(options: DeviceOptions = {}): Promise<Device> {
  const { dataDir = defaultDataDir(), ...given } = options;
  const defaults = await nodeDefaults(given);
  if (given.store !== undefined) return await openPortable({ ...defaults, ...withoutUndefined(given) });
  const store = new SqliteDeviceStore(join(dataDir, STORE_FILE_NAME));
  const tables = given.tables ?? (await openTables(dataDir, store));
  return await openPortable({ ...defaults, ...withoutUndefined(given), store, tables });
}

/** Opens the app's tables beside a store, which is closed again if that fails. */
async function openTables(dataDir: string, store: SqliteDeviceStore): Promise<SqliteTables> {
  try {
    return new SqliteTables(join(dataDir, TABLES_FILE_NAME));
  } catch (error) {
    await store.close();
    throw error;
  }
}
