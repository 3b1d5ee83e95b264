import { parseRelay } from '@0k-sync/client';
import { answerOf, sendQueue } from '../connection.ts';
import { type Context, settingsOf } from '../context.ts';
import { holdsDevice } from '../data-directory.ts';
import { summarise } from '../invite.ts';
import { withDevice } from '../open.ts';
import { passphraseOfInvite, readInvite } from '../secrets.ts';
import { writeSettings } from '../settings.ts';
import { createDevice } from './init.ts';
import type { PairOptions } from './pair.ts';

/** The relay of the invite is the group's: it is used from now on, unless this call named another. */
function keepSettings(context: Context, options: PairOptions, relay: string): void {
  const settings = settingsOf(context);
  const named = (options.relay ?? []).map((each) => parseRelay(each).address);
  const relays = [...new Set([...named, relay, ...settings.relays])];
  writeSettings(context.directory, { ...settings, relays, deviceName: options.deviceName ?? settings.deviceName });
}

/** `source` is what `--join` was given: `-`, `@path`, or the invite. */
export async function joinGroup(context: Context, options: PairOptions, source: string): Promise<void> {
  const { io, reporter } = context;
  const invite = await readInvite(io, reporter, source);
  const { relay, needsPassphrase } = summarise(invite, Date.now());
  const passphrase = needsPassphrase ? await passphraseOfInvite(io, reporter, options.passphraseFile) : undefined;
  if (!holdsDevice(context.directory)) await createDevice(context, { ...options, relay: [] });
  const patience = { timeout: options.timeout, signal: io.interrupted };
  const overrides = { ...options, relay: options.relay ?? [] };
  const { group, device } = await withDevice(context, overrides, async ({ session }) => {
    await answerOf(session, patience, session.pairJoin(invite, passphrase === undefined ? {} : { passphrase }));
    keepSettings(context, options, relay);
    await sendQueue(session, patience);
    return { group: session.groupId, device: session.device };
  });
  reporter.result({ type: 'joined', group, device, relay }, () => [`joined group ${group} at ${relay}`]);
}
