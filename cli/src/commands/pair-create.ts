import type { Group } from '@0k-sync/client/node';
import { type CommandError, usageError } from '../command-error.ts';
import { type Context, changeSettings } from '../context.ts';
import { holdsDevice } from '../data-directory.ts';
import { checkNewName, chooseGroup, rememberGroup } from '../groups.ts';
import { summariseInvite } from '../invite.ts';
import { type OpenDevice, type Overrides, useNamedRelay, withDevice } from '../open.ts';
import { awaitAnswer, patienceOf, sendQueue } from '../patience.ts';
import { drawCode } from '../qr.ts';
import { newPassphrase, readAccessToken } from '../secrets.ts';
import { wantsColour } from '../terminal.ts';
import { createDevice } from './init.ts';
import type { PairOptions } from './pair-options.ts';

function noRelayError(): CommandError {
  return usageError('a new group needs a relay', 'name one with --relay host:port');
}

/** Creates the first group of a device, and keeps its relay for the next ones if there was none before. */
async function createFirst(context: Context, { device, settings }: OpenDevice, overrides: Overrides): Promise<Group> {
  const { relay: named, accessToken = '', group: name } = overrides;
  const relays = named ?? settings.relays.slice(0, 1);
  if (relays.length === 0) throw noRelayError();
  checkNewName(settings, name);
  const group = await device.createGroup({ relays, accessToken });
  rememberGroup(context, { id: group.id, ...(name !== undefined && { name }) });
  if (settings.relays.length === 0) changeSettings(context, () => ({ relays }));
  return group;
}

/** The group of the invite: the first one is created; one without a relay gets the relay that is named. */
async function groupToInvite(context: Context, opened: OpenDevice, overrides: Overrides): Promise<Group> {
  const { device, settings } = opened;
  if (device.groups.length === 0) return await createFirst(context, opened, overrides);
  const { relay = settings.relays, accessToken = '' } = overrides;
  const group = chooseGroup(context, device.groups, settings, overrides.group);
  const [first] = relay;
  if (group.state.relays.length > 0) await useNamedRelay(group, settings, overrides);
  else if (first !== undefined) await group.addRelay(first, { accessToken });
  return group;
}

async function inviteFrom(
  context: Context,
  options: PairOptions,
  accessToken: string,
  passphrase: string | undefined,
): Promise<{ readonly invite: string; readonly id: string }> {
  const patience = patienceOf(context, options);
  const overrides = { ...options, accessToken };
  return await withDevice(context, overrides, async (opened) => {
    const group = await groupToInvite(context, opened, overrides);
    const made = group.invite(passphrase === undefined ? {} : { passphrase });
    const invite = await awaitAnswer(patience, () => group.state.relays[0], made);
    const { deviceName } = options;
    if (deviceName !== undefined) changeSettings(context, () => ({ deviceName }));
    await sendQueue(group, patience);
    return { invite, id: group.id };
  });
}

/** `0k-sync pair --create`: prints an invite, and a QR code of it if stdout is a terminal. */
export async function createInvite(context: Context, options: PairOptions): Promise<void> {
  const { io, reporter } = context;
  const isNew = !holdsDevice(context.directory);
  if (isNew && options.relay === undefined) throw noRelayError();
  const hasPassphrase = options.passphrase === true || options.passphraseFile !== undefined;
  const passphrase = hasPassphrase ? await newPassphrase(io, reporter, options.passphraseFile) : undefined;
  const accessToken = await readAccessToken(io, reporter, options.accessTokenFile);
  if (isNew) await createDevice(context, options);
  const { invite, id } = await inviteFrom(context, options, accessToken, passphrase);
  const { relay, expiresAtMs } = summariseInvite(invite, Date.now());
  const expiresAt = new Date(expiresAtMs).toISOString();
  const isShown = io.stdout.isTTY === true && options.json !== true;
  const code = isShown ? await drawCode(invite, wantsColour(io.stdout, io.environment, !options.color)) : [];
  const line = { type: 'invite', invite, group: id, relay, expires_at: expiresAt, passphrase: hasPassphrase };
  await reporter.result(line, () => [...code, invite]);
  if (options.json === true) return;
  const needed = hasPassphrase ? 'this invite and the passphrase' : 'this invite';
  reporter.note({ type: 'note' }, `whoever has ${needed} can join once, until ${expiresAt}: 0k-sync pair --join -`);
}
