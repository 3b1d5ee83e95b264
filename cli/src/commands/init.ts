import { hostname } from 'node:os';
import { limits, parseRelay } from '@0k-sync/client';
import { CommandError, usageError } from '../command-error.ts';
import type { Context } from '../context.ts';
import { createDirectory, holdsDevice } from '../data-directory.ts';
import { exitCodes } from '../exit.ts';
import { createStore, withStoredDevice } from '../open.ts';
import type { CommonOptions } from '../options.ts';
import { type Settings, writeSettings } from '../settings.ts';

/** Options of `0k-sync init`. */
export interface InitOptions extends CommonOptions {
  readonly relay?: readonly string[];
  readonly tofuStrict?: boolean;
  readonly classical?: boolean;
  readonly deviceName?: string;
}

function deviceNameFrom(option: string | undefined): string {
  const name = option ?? hostname();
  if (Buffer.byteLength(name) <= limits.DEVICE_NAME_BYTES_MAX) return name;
  if (option === undefined) return '';
  throw usageError(`the device name is longer than ${limits.DEVICE_NAME_BYTES_MAX} bytes`, 'choose a shorter name');
}

/** Creates the data directory with its settings and store, and fixes the keys that a relay is named with. CL-32. */
export async function createDevice(context: Context, options: InitOptions): Promise<Settings> {
  const relays = (options.relay ?? []).map(parseRelay);
  const settings: Settings = {
    relays: [...new Set(relays.map(({ address }) => address))],
    deviceName: deviceNameFrom(options.deviceName),
    tofuMode: options.tofuStrict === true ? 'strict' : 'permissive',
    mode: options.classical === true ? 'classical' : 'hybrid',
  };
  createDirectory(context.directory);
  await createStore(context);
  writeSettings(context.directory, settings);
  await withStoredDevice(context, async ({ session }) => {
    for (const relay of options.relay ?? []) if (parseRelay(relay).pin !== undefined) await session.trustRelay(relay);
  });
  return settings;
}

/** `0k-sync init` */
export async function initialise(context: Context, options: InitOptions): Promise<void> {
  if (holdsDevice(context.directory))
    throw new CommandError({
      exit: exitCodes.failure,
      kind: 'already-initialised',
      message: `there is a device in ${context.directory} already`,
      hint: 'use this device, add a relay with `0k-sync relay add`, or name another directory with --data-dir',
    });
  const { relays, deviceName, tofuMode, mode } = await createDevice(context, options);
  const line = { type: 'initialised', directory: context.directory, relays, device_name: deviceName };
  await context.reporter.result({ ...line, tofu_mode: tofuMode, mode }, () => [
    `created ${context.directory} for ${deviceName === '' ? 'a device without a name' : `device ${deviceName}`}`,
    relays.length === 0
      ? 'no relay is set; joining a group sets one, and so does --relay of pair --create'
      : `relays: ${relays.join(', ')}`,
  ]);
}
