import { type Device, type Group, openDevice, parseRelay } from '@0k-sync/client/node';
import { usageError } from './command-error.ts';
import { type Context, settingsOf } from './context.ts';
import { checkStore, emptiedStoreError } from './data-directory.ts';
import { reportEvents } from './events.ts';
import { chooseGroup } from './groups.ts';
import type { RelayOptions } from './options.ts';
import type { Settings } from './settings.ts';
import { interactiveTransport } from './transport.ts';

/** Options of one call that take the place of settings, and name the group. */
export type Overrides = Partial<Pick<RelayOptions, 'relay' | 'tofuStrict' | 'classical' | 'group'>> & {
  readonly deviceName?: string;
  readonly accessToken?: string;
};

/** The device of a data directory, opened. */
export interface OpenDevice {
  readonly device: Device;
  readonly settings: Settings;
}

/** The device, and the group that the command acts on. */
export interface OpenGroup extends OpenDevice {
  readonly group: Group;
}

type Work<Opened, T> = (opened: Opened) => Promise<T>;

/** Opens the device, runs the work, and always closes the device: the lock is released, and relays get a goodbye. */
async function open<T>(context: Context, overrides: Overrides, offline: boolean, run: Work<OpenDevice, T>): Promise<T> {
  const { directory, reporter } = context;
  const settings = settingsOf(context);
  checkStore(directory);
  const device = await openDevice({
    dataDir: directory,
    transport: interactiveTransport(),
    name: overrides.deviceName ?? settings.deviceName,
    tofuMode: overrides.tofuStrict === true ? 'strict' : settings.tofuMode,
    mode: overrides.classical === true ? 'classical' : settings.mode,
    accessToken: overrides.accessToken ?? '',
    offline,
  });
  for (const group of device.groups) reportEvents(group, reporter);
  try {
    if (settings.groups.length > 0 && device.groups.length === 0) throw emptiedStoreError(directory);
    return await run({ device, settings });
  } finally {
    await device.close();
  }
}

function withChoice<T>(context: Context, overrides: Overrides, run: Work<OpenGroup, T>): Work<OpenDevice, T> {
  return async (opened) => {
    const group = chooseGroup(context, opened.device.groups, opened.settings, overrides.group);
    await useNamedRelay(group, opened.settings, overrides);
    return await run({ ...opened, group });
  };
}

/** Uses the relay that this call or the settings name in place of the group's own. */
export async function useNamedRelay(group: Group, { groups }: Settings, { relay, accessToken = '' }: Overrides) {
  const kept = groups.find(({ id }) => id === group.id)?.relay;
  const [named, ...more] = relay ?? (kept === undefined ? [] : [kept]);
  if (more.length > 0) throw usageError('more than one relay is named', 'name one relay with --relay');
  if (named === undefined || named === group.state.relays[0]?.relay) return;
  await group.useRelay(parseRelay(named).pin === undefined ? parseRelay(named).address : named, { accessToken });
}

/** Creates the store of a new device. */
export async function createStore({ directory }: Context): Promise<void> {
  await (await openDevice({ dataDir: directory, offline: true })).close();
}

/** Runs work that connects, with a device that may be in no group yet. */
export function withDevice<T>(context: Context, overrides: Overrides, run: Work<OpenDevice, T>): Promise<T> {
  return open(context, overrides, false, run);
}

/** Runs work that connects. @throws CommandError as `chooseGroup` */
export function withGroup<T>(context: Context, overrides: Overrides, run: Work<OpenGroup, T>): Promise<T> {
  return open(context, overrides, false, withChoice(context, overrides, run));
}

/** Runs work on the stored data, without a connection. */
export function withStoredDevice<T>(context: Context, overrides: Overrides, run: Work<OpenDevice, T>): Promise<T> {
  return open(context, overrides, true, run);
}

/** Runs work on the stored data of a group. @throws CommandError as `chooseGroup` */
export function withStoredGroup<T>(
  context: Context,
  { group }: Pick<Overrides, 'group'>,
  run: Work<OpenGroup, T>,
): Promise<T> {
  const overrides = group === undefined ? {} : { group };
  return open(context, overrides, true, withChoice(context, overrides, run));
}
