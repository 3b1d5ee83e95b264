import type { AppTables } from '../log/app-tables.ts';
import { type ResolvedOptions, resolveShared, type SyncSessionOptions } from '../session/options.ts';
import { MemoryDeviceStore } from '../store/memory-device.ts';
import type { DeviceStore } from '../store/port.ts';

/** Options of `openDevice()`. `@0k-sync/client/node` has a default for every one of them. */
export interface DeviceOptions extends Omit<SyncSessionOptions, 'store' | 'deviceName'> {
  /** Keeps the data of all groups; the device closes it. Default: in memory. */
  readonly store?: DeviceStore;
  /** Keeps the app's own tables; the device closes it. Default: none. */
  readonly tables?: AppTables;
  /**
   * The name that the other members see, at most DEVICE_NAME_BYTES_MAX bytes; relays never see it. Default: empty.
   * GR-16.
   */
  readonly name?: string;
}

/** DeviceOptions with every default filled in. */
export interface ResolvedDeviceOptions extends Omit<ResolvedOptions, 'store'> {
  readonly store: DeviceStore;
  readonly tables?: AppTables | undefined;
}

/** Fills in the defaults; an option that is undefined counts as omitted. */
export function resolveDeviceOptions({ store, tables, name = '', ...options }: DeviceOptions): ResolvedDeviceOptions {
  return { ...resolveShared({ ...options, deviceName: name }), store: store ?? new MemoryDeviceStore(), tables };
}
