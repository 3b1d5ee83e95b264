import { hostname } from 'node:os';
import { limits, parseRelay } from '@0k-sync/client';
import { CommandError, usageError } from '../command-error.ts';
import { type Context, settingsOf } from '../context.ts';
import { createDirectory, holdsDevice } from '../data-directory.ts';
import { exitCodes } from '../exit.ts';
import { checkNewName, rememberGroup } from '../groups.ts';
import { createStore, withStoredDevice } from '../open.ts';
import type { GroupOptions } from '../options.ts';
import { type Settings, writeSettings } from '../settings.ts';

/** Options of `0k-sync init`. */
export interface InitOptions extends GroupOptions {
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

/** Creates the data directory with its settings and store. */
export async function createDevice(context: Context, options: InitOptions): Promise<Settings> {
  const relays = new Map((options.relay ?? []).map((relay) => [parseRelay(relay).address, relay]));
  const settings: Settings = {
    relays: [...relays.values()],
    deviceName: deviceNameFrom(options.deviceName),
    tofuMode: options.tofuStrict === true ? 'strict' : 'permissive',
    mode: options.classical === true ? 'classical' : 'hybrid',
    groups: [],
  };
  createDirectory(context.directory);
  await createStore(context);
  writeSettings(context.directory, settings);
  return settings;
}

function checkAddition(context: Context, { group, tofuStrict, classical }: InitOptions): void {
  if (group === undefined)
    throw new CommandError({
      exit: exitCodes.failure,
      kind: 'already-initialised',
      message: `there is a device in ${context.directory} already`,
      hint: 'use this device, give it one more group with `0k-sync init --group <name>`, or name another directory with --data-dir',
    });
  if (tofuStrict === true || classical === true)
    throw usageError(
      'the settings of a device that exists stay as they are',
      'omit --tofu-strict and --classical; commands that connect take them for one call',
    );
}

/** Creates a group with a name; without a relay it stays on this device until `relay add`. */
async function addGroup(context: Context, { relay, deviceName }: InitOptions, name: string): Promise<void> {
  await withStoredDevice(context, deviceName === undefined ? {} : { deviceName }, async ({ device, settings }) => {
    const group = await device.createGroup({ relays: relay ?? settings.relays.slice(0, 1) });
    rememberGroup(context, { id: group.id, name });
    const [used] = group.state.relays;
    const line = { type: 'group-created', group: group.id, name, relay: used?.relay ?? null };
    await context.reporter.result(line, () => [
      `created the group ${name} ${used === undefined ? 'without a relay; `relay add` gives it one' : `at ${used.relay}`}`,
    ]);
  });
}

async function reportDevice({ directory, reporter }: Context, settings: Settings): Promise<void> {
  const { deviceName, tofuMode, mode } = settings;
  const relays = settings.relays.map((each) => parseRelay(each).address);
  const line = { type: 'initialised', directory, relays, device_name: deviceName };
  await reporter.result({ ...line, tofu_mode: tofuMode, mode }, () => [
    `created ${directory} for ${deviceName === '' ? 'a device without a name' : `device ${deviceName}`}`,
    relays.length === 0
      ? 'no relay is set; joining a group sets one, and so does --relay of pair --create'
      : `relays: ${relays.join(', ')}`,
  ]);
}

/** `0k-sync init`: makes the data directory; with `--group` a group in it, also in one that exists. */
export async function initialise(context: Context, options: InitOptions): Promise<void> {
  const isNew = !holdsDevice(context.directory);
  if (!isNew) checkAddition(context, options);
  checkNewName(isNew ? { groups: [] } : settingsOf(context), options.group);
  if (isNew) await reportDevice(context, await createDevice(context, options));
  if (options.group !== undefined) await addGroup(context, options, options.group);
}
