import { join } from 'node:path';
import { SqliteStore, STORE_FILE_NAME, SyncSession, type SyncSessionOptions } from '@0k-sync/client/node';
import { type Context, notPaired, settingsOf } from './context.ts';
import { reportEvents } from './events.ts';
import type { RelayOptions } from './options.ts';
import type { Settings } from './settings.ts';
import { interactiveTransport, offlineTransport } from './transport.ts';

/** What a call says besides the settings of the data directory. */
export type Overrides = Partial<Pick<RelayOptions, 'relay' | 'tofuStrict' | 'classical'>> & {
  readonly deviceName?: string;
  readonly accessToken?: string;
};

/** An open device. */
export interface Device {
  readonly session: SyncSession;
  readonly store: SqliteStore;
  readonly settings: Settings;
}

type Work<T> = (device: Device) => Promise<T>;

function effectiveSettings(settings: Settings, overrides: Overrides): Settings {
  return {
    relays: overrides.relay ?? settings.relays.slice(0, 1),
    deviceName: overrides.deviceName ?? settings.deviceName,
    tofuMode: overrides.tofuStrict === true ? 'strict' : settings.tofuMode,
    mode: overrides.classical === true ? 'classical' : settings.mode,
  };
}

/** Opens the device, runs, and closes it whatever happens: the lock is given back and relays are told. */
async function open<T>(context: Context, overrides: Overrides, options: SyncSessionOptions, run: Work<T>): Promise<T> {
  const settings = effectiveSettings(settingsOf(context), overrides);
  const store = new SqliteStore(join(context.directory, STORE_FILE_NAME));
  const { deviceName, tofuMode, mode } = settings;
  const { accessToken = '' } = overrides;
  const all = { ...options, store, deviceName, tofuMode, mode, accessToken };
  const session = await SyncSession.new(undefined, settings.relays, all);
  reportEvents(session, context.reporter);
  try {
    return await run({ session, store, settings });
  } finally {
    await session.close();
  }
}

function needsGroup<T>(context: Context, run: Work<T>): Work<T> {
  return async (device) => {
    if (device.session.groupId !== undefined) return run(device);
    throw notPaired(`the device in ${context.directory} is in no group yet`);
  };
}

/** For pairing: the device may be in no group yet. */
export function withDevice<T>(context: Context, overrides: Overrides, run: Work<T>): Promise<T> {
  return open(context, overrides, { transport: interactiveTransport() }, run);
}

/** For commands that talk to the group's relay. */
export function withGroup<T>(context: Context, overrides: Overrides, run: Work<T>): Promise<T> {
  return open(context, overrides, { transport: interactiveTransport() }, needsGroup(context, run));
}

/** For commands that only read or change what is stored here. */
export function withStoredDevice<T>(context: Context, run: Work<T>): Promise<T> {
  return open(context, {}, { transport: offlineTransport }, run);
}

/** withStoredDevice for a member of a group. */
export function withStoredGroup<T>(context: Context, run: Work<T>): Promise<T> {
  return open(context, {}, { transport: offlineTransport }, needsGroup(context, run));
}
