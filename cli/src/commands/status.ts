import type { MemberDevice, RelayStatus, SessionStatus, SyncSession } from '@0k-sync/client/node';
import type { Context } from '../context.ts';
import { hintOf } from '../explain-error.ts';
import { counted, deviceLabel } from '../format.ts';
import { type OpenDevice, withDevice } from '../open.ts';
import type { RelayOptions } from '../options.ts';
import { awaitFirstAttempt, patienceOf } from '../patience.ts';
import type { Settings } from '../settings.ts';
import { Unread } from '../unread.ts';

function relayJson({ relay, state, nodeId, cursor, error }: RelayStatus) {
  return { relay, state, node_id: nodeId ?? null, cursor, error: error?.message ?? null };
}

function refusedJson(refused: SessionStatus['refused'][number]) {
  const { id, code, errorName, message } = refused;
  return { id, code, error_name: errorName, message, hint: hintOf(refused) };
}

function relayLine({ relay, state, cursor, error }: RelayStatus): string {
  const why = error === undefined ? '' : ` (${error.message})`;
  return `${relay} ${state}${why}, read up to cursor ${cursor}`;
}

function lines(
  context: Context,
  session: SyncSession,
  settings: Settings,
  members: readonly MemberDevice[],
  unread: number,
): string[] {
  const { relays, unsynced, refused } = session.status;
  const rows: [string, string][] = [
    ['directory', context.directory],
    ['group', session.groupId ?? 'none yet'],
    ['mode', `${settings.mode}, ${session.tofuMode}`],
    ...members.map(({ device, name, own }): [string, string] => [
      'member',
      deviceLabel(name, device) + (own ? ', this device' : ''),
    ]),
    ...relays.map((relay): [string, string] => ['relay', relayLine(relay)]),
    ['unread', unread === 0 ? 'nothing' : counted(unread, 'message')],
    ['queue', unsynced === 0 ? 'empty' : `${unsynced} waiting`],
    ...refused.map((each): [string, string] => ['refused', `${each.id}: ${each.message} Hint: ${hintOf(each)}`]),
  ];
  return rows.map(([name, value]) => `${context.reporter.paint('dim', name.padEnd(10))} ${value}`);
}

async function report(context: Context, { session, settings }: OpenDevice): Promise<void> {
  const isPaired = session.groupId !== undefined;
  const members = isPaired ? await session.devices() : [];
  const unread = isPaired ? await (await Unread.of(context, session)).count() : 0;
  const { relays, unsynced, refused } = session.status;
  const line = {
    type: 'status',
    directory: context.directory,
    group: session.groupId ?? null,
    device: session.device ?? null,
    device_name: members.find(({ own }) => own)?.name ?? settings.deviceName,
    mode: session.mode,
    tofu_mode: session.tofuMode,
    unsynced,
    unread,
    refused: refused.map(refusedJson),
    members: members.map(({ device, name, own }) => ({ device, name, own })),
    relays: relays.map(relayJson),
  };
  await context.reporter.result(line, () => lines(context, session, settings, members, unread));
}

/** `0k-sync status`: prints the device and its group, and tries to connect to the relay. */
export async function status(context: Context, options: RelayOptions): Promise<void> {
  await withDevice(context, options, async (device) => {
    await awaitFirstAttempt(device.session, patienceOf(context, options));
    await report(context, device);
  });
}
