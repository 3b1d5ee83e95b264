import type { Device as Member, RelayStatus, SyncSession } from '@0k-sync/client/node';
import { tryToConnect } from '../connection.ts';
import type { Context } from '../context.ts';
import { deviceLabel } from '../format.ts';
import { type Device, withDevice } from '../open.ts';
import type { RelayOptions } from '../options.ts';
import type { Settings } from '../settings.ts';

function relayJson({ relay, state, nodeId, cursor, error }: RelayStatus) {
  return { relay, state, node_id: nodeId ?? null, cursor, error: error?.message ?? null };
}

function relayLine({ relay, state, cursor, error }: RelayStatus): string {
  const why = error === undefined ? '' : ` (${error.message})`;
  return `${relay} ${state}${why}, read up to cursor ${cursor}`;
}

function lines(context: Context, session: SyncSession, settings: Settings, members: readonly Member[]): string[] {
  const { relays, unsynced } = session.status;
  const rows: [string, string][] = [
    ['directory', context.directory],
    ['group', session.groupId ?? 'none yet'],
    ['mode', `${settings.mode}, ${session.tofuMode}`],
    ...members.map(({ device, name, own }): [string, string] => [
      'member',
      deviceLabel(name, device) + (own ? ', this device' : ''),
    ]),
    ...relays.map((relay): [string, string] => ['relay', relayLine(relay)]),
    ['queue', unsynced === 0 ? 'empty' : `${unsynced} waiting`],
  ];
  return rows.map(([name, value]) => `${context.reporter.paint('dim', name.padEnd(10))} ${value}`);
}

async function report(context: Context, { session, settings }: Device): Promise<void> {
  const members = session.groupId === undefined ? [] : await session.devices();
  const { relays, unsynced } = session.status;
  const line = {
    type: 'status',
    directory: context.directory,
    group: session.groupId ?? null,
    device: session.device ?? null,
    device_name: members.find(({ own }) => own)?.name ?? settings.deviceName,
    mode: session.mode,
    tofu_mode: session.tofuMode,
    unsynced,
    members: members.map(({ device, name, own }) => ({ device, name, own })),
    relays: relays.map(relayJson),
  };
  context.reporter.result(line, () => lines(context, session, settings, members));
}

/** `0k-sync status`: what is here, and whether the relay answers. */
export async function status(context: Context, options: RelayOptions): Promise<void> {
  await withDevice(context, options, async (device) => {
    await tryToConnect(device.session, { timeout: options.timeout, signal: context.io.interrupted });
    await report(context, device);
  });
}
