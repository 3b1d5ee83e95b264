import type { Group, GroupState, MemberDevice, RelayStatus } from '@0k-sync/client/node';
import { SyncError } from '@0k-sync/client/node';
import type { Context } from '../context.ts';
import { hintOf } from '../explain-error.ts';
import { counted, deviceLabel } from '../format.ts';
import { chooseGroup, groupLabel, nameOfGroup } from '../groups.ts';
import { type OpenDevice, useNamedRelay, withDevice } from '../open.ts';
import type { RelayOptions } from '../options.ts';
import { patienceOf, tryConnection } from '../patience.ts';
import type { Settings } from '../settings.ts';
import { Unread } from '../unread.ts';

/** A group with what was found out about it. */
interface GroupReport {
  readonly id: string;
  readonly device: string;
  readonly state: GroupState;
  readonly members: readonly MemberDevice[];
  readonly unread: number;
}

/** The state of a group; a link that nothing needs any more forgets why the attempt has failed. */
function stateAfter({ state }: Group, failure: unknown): GroupState {
  if (!(failure instanceof SyncError)) return state;
  return { ...state, relays: state.relays.map((relay) => ({ error: failure, ...relay })) };
}

async function inspect(context: Context, options: RelayOptions, settings: Settings, group: Group) {
  await useNamedRelay(group, settings, options);
  const failure = await tryConnection(group, patienceOf(context, options));
  const unread = await (await Unread.of(context, group)).count();
  const { id, device } = group;
  return { id, device, members: await group.devices(), unread, state: stateAfter(group, failure) };
}

function relayJson({ relay, state, nodeId, cursor, error }: RelayStatus) {
  return { relay, state, node_id: nodeId ?? null, cursor, error: error?.message ?? null };
}

function refusedJson(refused: GroupState['refused'][number]) {
  const { id, code, errorName, message } = refused;
  return { id, code, error_name: errorName, message, hint: hintOf(refused) };
}

function relayLine({ relay, state, cursor, error }: RelayStatus): string {
  const why = error === undefined ? '' : ` (${error.message})`;
  return `${relay} ${state}${why}, read up to cursor ${cursor}`;
}

function lines({ directory, reporter }: Context, settings: Settings, report: GroupReport | undefined): string[] {
  const { members = [], unread = 0, state } = report ?? {};
  const { relays = [], unsynced = 0, refused = [] } = state ?? {};
  const name = report && nameOfGroup(settings, report.id);
  const rows: [string, string][] = [
    ['directory', directory],
    ['group', report?.id ?? 'none yet'],
    ...(report !== undefined && name !== undefined
      ? [['name', groupLabel(settings, report.id)] as [string, string]]
      : []),
    ['mode', `${settings.mode}, ${settings.tofuMode}`],
    ...members.map((member): [string, string] => [
      'member',
      deviceLabel(member.name, member.device) + (member.own ? ', this device' : ''),
    ]),
    ...relays.map((relay): [string, string] => ['relay', relayLine(relay)]),
    ['unread', unread === 0 ? 'nothing' : counted(unread, 'message')],
    ['queue', unsynced === 0 ? 'empty' : `${unsynced} waiting`],
    ...refused.map((each): [string, string] => ['refused', `${each.id}: ${each.message} Hint: ${hintOf(each)}`]),
  ];
  return rows.map(([title, value]) => `${reporter.paint('dim', title.padEnd(10))} ${value}`);
}

async function print(context: Context, settings: Settings, report: GroupReport | undefined): Promise<void> {
  const { members = [], unread = 0, state } = report ?? {};
  const { relays = [], unsynced = 0, refused = [] } = state ?? {};
  const line = {
    type: 'status',
    directory: context.directory,
    group: report?.id ?? null,
    name: (report && nameOfGroup(settings, report.id)) ?? null,
    device: report?.device ?? null,
    device_name: members.find(({ own }) => own)?.name ?? settings.deviceName,
    mode: settings.mode,
    tofu_mode: settings.tofuMode,
    unsynced,
    unread,
    refused: refused.map(refusedJson),
    members: members.map(({ device, name, own }) => ({ device, name, own })),
    relays: relays.map(relayJson),
  };
  await context.reporter.result(line, () => lines(context, settings, report));
}

function chosen(context: Context, { device, settings }: OpenDevice, { group, relay }: RelayOptions): readonly Group[] {
  const isAll = group === undefined && (relay === undefined || device.groups.length === 0);
  if (isAll) return device.groups;
  return [chooseGroup(context, device.groups, settings, group)];
}

/** `0k-sync status`: prints each group of the device, and tries to connect to its relay. */
export async function status(context: Context, options: RelayOptions): Promise<void> {
  await withDevice(context, options, async (opened) => {
    const settings = {
      ...opened.settings,
      ...(options.tofuStrict === true && { tofuMode: 'strict' as const }),
      ...(options.classical === true && { mode: 'classical' as const }),
    };
    const groups = chosen(context, opened, options);
    const reports = await Promise.all(groups.map((group) => inspect(context, options, settings, group)));
    if (reports.length === 0) await print(context, settings, undefined);
    for (const [index, report] of reports.entries()) {
      if (index > 0 && options.json !== true) await context.reporter.result({ type: 'status' }, () => ['']);
      await print(context, settings, report);
    }
  });
}
