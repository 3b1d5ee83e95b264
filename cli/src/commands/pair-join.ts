import { parseRelay } from '@0k-sync/client';
import { type Context, changeSettings } from '../context.ts';
import { holdsDevice } from '../data-directory.ts';
import { summariseInvite } from '../invite.ts';
import { withDevice } from '../open.ts';
import { awaitAnswer, patienceOf, sendQueue } from '../patience.ts';
import { passphraseOfInvite, readInvite } from '../secrets.ts';
import { createDevice } from './init.ts';
import type { PairOptions } from './pair-options.ts';

/** Keeps the relays of this call and of the invite, in this order before those that were set, and the device name. */
function keepSettings(
  context: Context,
  { relay: named = [], deviceName }: PairOptions,
  relay: string,
  group: string | undefined,
): void {
  const first = [...named.map((each) => parseRelay(each).address), relay];
  changeSettings(context, ({ relays }) => ({
    relays: [...new Set([...first, ...relays])],
    group,
    ...(deviceName !== undefined && { deviceName }),
  }));
}

/** `0k-sync pair --join <source>`: `-` is stdin, `@path` a file. */
export async function joinGroup(context: Context, options: PairOptions, source: string): Promise<void> {
  const { io, reporter } = context;
  const invite = await readInvite(io, source);
  const { relay, needsPassphrase } = summariseInvite(invite, Date.now());
  const passphrase = needsPassphrase ? await passphraseOfInvite(io, reporter, options.passphraseFile) : undefined;
  if (!holdsDevice(context.directory)) await createDevice(context, { ...options, relay: [] });
  const patience = patienceOf(context, options);
  const overrides = { ...options, relay: options.relay ?? [] };
  const { group, device } = await withDevice(context, overrides, async ({ session }) => {
    await awaitAnswer(session, patience, session.pairJoin(invite, passphrase === undefined ? {} : { passphrase }));
    keepSettings(context, options, relay, session.groupId);
    await sendQueue(session, patience);
    return { group: session.groupId, device: session.device };
  });
  await reporter.result({ type: 'joined', group, device, relay }, () => [`joined group ${group} at ${relay}`]);
}
