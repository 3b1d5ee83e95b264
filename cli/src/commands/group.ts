import type { Group } from '@0k-sync/client/node';
import type { Context } from '../context.ts';
import { counted } from '../format.ts';
import { checkNewName, groupLabel, nameOfGroup, rememberGroup } from '../groups.ts';
import { withStoredDevice, withStoredGroup } from '../open.ts';
import type { GroupOptions } from '../options.ts';
import type { Settings } from '../settings.ts';
import { Unread } from '../unread.ts';

async function listGroup(context: Context, settings: Settings, group: Group): Promise<void> {
  const { id, device, state } = group;
  const unread = await (await Unread.of(context, group)).count();
  const relay = settings.groups.find((each) => each.id === id)?.relay ?? state.relays[0]?.relay;
  const name = nameOfGroup(settings, id) ?? null;
  const line = { type: 'group', group: id, name, device, relay: relay ?? null, unread, unsynced: state.unsynced };
  await context.reporter.result(line, () => [
    `${groupLabel(settings, id)}  ${relay ?? 'no relay'}, ${counted(unread, 'unread message')}, ${state.unsynced} waiting`,
  ]);
}

/** `0k-sync group list` */
export async function listGroups(context: Context): Promise<void> {
  await withStoredDevice(context, {}, async ({ device, settings }) => {
    for (const group of device.groups) await listGroup(context, settings, group);
    if (device.groups.length === 0) context.reporter.note({ type: 'note' }, 'this device is in no group yet');
  });
}

/** `0k-sync group rename <name>`: other devices are not told. */
export async function renameGroup(context: Context, name: string, options: GroupOptions): Promise<void> {
  await withStoredGroup(context, options, async ({ group, settings }) => {
    checkNewName(settings, name);
    rememberGroup(context, { id: group.id, name });
    await context.reporter.result({ type: 'group-renamed', group: group.id, name }, () => [
      `this device calls the group ${group.id} ${name} now`,
    ]);
  });
}
