import { SyncSession, type SyncSessionOptions } from '@0k-sync/client/node';
import { type Context, notPairedError, settingsOf } from './context.ts';
import { checkStore, emptiedStoreError } from './data-directory.ts';
import { reportEvents } from './events.ts';
import type { RelayOptions } from './options.ts';
import type { Settings } from './settings.ts';
import { interactiveTransport, offlineTransport } from './transport.ts';

/** Options of one call that take the place of settings. */
export type Overrides = Partial<Pick<RelayOptions, 'relay' | 'tofuStrict' | 'classical'>> & {
  readonly deviceName?: string;
  readonly accessToken?: string;
};

/** The device of a data directory, opened. */
export interface OpenDevice {
  readonly session: SyncSession;
  readonly settings: Settings;
}

type Work<T> = (device: OpenDevice) => Promise<T>;

function effectiveSettings(settings: Settings, overrides: Overrides): Settings {
  return {
    relays: overrides.relay ?? settings.relays.slice(0, 1),
    deviceName: overrides.deviceName ?? settings.deviceName,
    tofuMode: overrides.tofuStrict === true ? 'strict' : settings.tofuMode,
    mode: overrides.classical === true ? 'classical' : settings.mode,
    group: settings.group,
  };
}

/** Opens the device, runs the work, and always closes the device: the lock is released, and relays get a goodbye. */
async function open<T>(context: Context, overrides: Overrides, options: SyncSessionOptions, run: Work<T>): Promise<T> {
  const settings = effectiveSettings(settingsOf(context), overrides);
  checkStore(context.directory);
  const { deviceName, tofuMode, mode } = settings;
  const { accessToken = '' } = overrides;
  const all = { ...options, dataDir: context.directory, deviceName, tofuMode, mode, accessToken };
  const session = await SyncSession.new(undefined, settings.relays, all);
  reportEvents(session, context.reporter);
  try {
    if (settings.group !== undefined && session.groupId === undefined) throw emptiedStoreError(context.directory);
    return await run({ session, settings });
  } finally {
    await session.close();
  }
}

function needsGroup<T>(context: Context, run: Work<T>): Work<T> {
  return async (device) => {
    if (device.session.groupId !== undefined) return run(device);
    throw notPairedError(`the device in ${context.directory} is in no group yet`);
  };
}

/** Creates the store of a new device. */
export async function createStore({ directory }: Context): Promise<void> {
  await (await SyncSession.new(undefined, [], { dataDir: directory, transport: offlineTransport })).close();
}

/** Runs work that connects, with a device that may be in no group yet. */
export function withDevice<T>(context: Context, overrides: Overrides, run: Work<T>): Promise<T> {
  return open(context, overrides, { transport: interactiveTransport() }, run);
}

/** Runs work that connects. @throws CommandError `not-paired` when the device is in no group. */
export function withGroup<T>(context: Context, overrides: Overrides, run: Work<T>): Promise<T> {
  return open(context, overrides, { transport: interactiveTransport() }, needsGroup(context, run));
}

/** Runs work on the stored data, without a connection. */
export function withStoredDevice<T>(context: Context, run: Work<T>): Promise<T> {
  return open(context, {}, { transport: offlineTransport }, run);
}

/** Runs work on the stored data. @throws CommandError `not-paired` when the device is in no group. */
export function withStoredGroup<T>(context: Context, run: Work<T>): Promise<T> {
  return open(context, {}, { transport: offlineTransport }, needsGroup(context, run));
}
