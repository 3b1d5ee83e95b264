import { parseRelay } from '@0k-sync/client';
import { type CommandError, usageError } from '../command-error.ts';
import { type Context, changeSettings } from '../context.ts';
import { holdsDevice } from '../data-directory.ts';
import { summariseInvite } from '../invite.ts';
import { type OpenDevice, withDevice } from '../open.ts';
import { awaitAnswer, patienceOf, sendQueue } from '../patience.ts';
import { drawCode } from '../qr.ts';
import { newPassphrase, readAccessToken } from '../secrets.ts';
import { wantsColour } from '../terminal.ts';
import { createDevice } from './init.ts';
import type { PairOptions } from './pair-options.ts';

function noRelayError(): CommandError {
  return usageError('a new group needs a relay', 'name one with --relay host:port');
}

/** Keeps the relay and the device name of this call for later calls; a relay that was set before stays. */
function keepSettings(context: Context, { deviceName }: PairOptions, relay: string, group: string | undefined): void {
  changeSettings(context, ({ relays }) => ({
    relays: relays.length === 0 ? [parseRelay(relay).address] : relays,
    group,
    ...(deviceName !== undefined && { deviceName }),
  }));
}

async function inviteFrom(context: Context, options: PairOptions, device: OpenDevice, passphrase: string | undefined) {
  const { session, settings } = device;
  if (session.groupId === undefined && settings.relays[0] === undefined) throw noRelayError();
  const patience = patienceOf(context, options);
  const invite = await awaitAnswer(session, patience, session.pair(passphrase === undefined ? {} : { passphrase }));
  keepSettings(context, options, summariseInvite(invite, Date.now()).relay, session.groupId);
  await sendQueue(session, patience);
  return { invite, group: session.groupId };
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
  const overrides = { ...options, accessToken };
  const { invite, group } = await withDevice(context, overrides, (device) =>
    inviteFrom(context, options, device, passphrase),
  );
  const { relay, expiresAtMs } = summariseInvite(invite, Date.now());
  const expiresAt = new Date(expiresAtMs).toISOString();
  const isShown = io.stdout.isTTY === true && options.json !== true;
  const code = isShown ? await drawCode(invite, wantsColour(io.stdout, io.environment, !options.color)) : [];
  const line = { type: 'invite', invite, group, relay, expires_at: expiresAt, passphrase: hasPassphrase };
  await reporter.result(line, () => [...code, invite]);
  if (options.json === true) return;
  const needed = hasPassphrase ? 'this invite and the passphrase' : 'this invite';
  reporter.note({ type: 'note' }, `whoever has ${needed} can join once, until ${expiresAt}: 0k-sync pair --join -`);
}
