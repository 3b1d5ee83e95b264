import { parseRelay } from '@0k-sync/client';
import { answerOf, sendQueue } from '../connection.ts';
import { type Context, settingsOf } from '../context.ts';
import { holdsDevice } from '../data-directory.ts';
import { exitCodes } from '../exit.ts';
import { Failure } from '../failure.ts';
import { summarise } from '../invite.ts';
import { type Device, withDevice } from '../open.ts';
import { drawCode } from '../qr.ts';
import { newPassphrase, readAccessToken } from '../secrets.ts';
import { writeSettings } from '../settings.ts';
import { wantsColour } from '../terminal.ts';
import { createDevice } from './init.ts';
import type { PairOptions } from './pair.ts';

function noRelay(): Failure {
  return new Failure({
    exit: exitCodes.usage,
    code: 'usage',
    message: 'a new group needs a relay',
    hint: 'name one with --relay host:port',
  });
}

/** What this call said of relay and name is what later calls use, where nothing was set before. */
function keepSettings(context: Context, options: PairOptions, relay: string): void {
  const settings = settingsOf(context);
  const relays = settings.relays.length === 0 ? [parseRelay(relay).address] : settings.relays;
  writeSettings(context.directory, { ...settings, relays, deviceName: options.deviceName ?? settings.deviceName });
}

async function inviteFrom(context: Context, options: PairOptions, device: Device, passphrase: string | undefined) {
  const { session, settings } = device;
  const [relay] = settings.relays;
  if (session.groupId === undefined && relay === undefined) throw noRelay();
  const patience = { timeout: options.timeout, signal: context.io.interrupted };
  const invite = await answerOf(session, patience, session.pair(passphrase === undefined ? {} : { passphrase }));
  keepSettings(context, options, summarise(invite, Date.now()).relay);
  await sendQueue(session, patience);
  return { invite, group: session.groupId };
}

/** An invite on stdout, as a QR code too when a person looks at it. */
export async function createInvite(context: Context, options: PairOptions): Promise<void> {
  const { io, reporter } = context;
  const isNew = !holdsDevice(context.directory);
  if (isNew && options.relay === undefined) throw noRelay();
  const asked = options.passphrase === true || options.passphraseFile !== undefined;
  const passphrase = asked ? await newPassphrase(io, reporter, options.passphraseFile) : undefined;
  const accessToken = await readAccessToken(io, reporter, options.accessTokenFile);
  if (isNew) await createDevice(context, options);
  const overrides = { ...options, accessToken };
  const { invite, group } = await withDevice(context, overrides, (device) =>
    inviteFrom(context, options, device, passphrase),
  );
  const { relay, expiresAtMs } = summarise(invite, Date.now());
  const expiresAt = new Date(expiresAtMs).toISOString();
  const isShown = io.stdout.isTTY === true && options.json !== true;
  const code = isShown ? await drawCode(invite, wantsColour(io.stdout, io.environment, !options.color)) : [];
  reporter.result({ type: 'invite', invite, group, relay, expires_at: expiresAt, passphrase: asked }, () => [
    ...code,
    invite,
  ]);
  if (options.json === true) return;
  const who = asked ? 'who has this invite and the passphrase' : 'who has this invite';
  reporter.note({ type: 'note' }, `${who} can join once, until ${expiresAt}: 0k-sync pair --join -`);
}
