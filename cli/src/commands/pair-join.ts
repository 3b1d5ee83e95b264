import { type Group, parseRelay } from '@0k-sync/client/node';
import { type Context, changeSettings, settingsOf } from '../context.ts';
import { holdsDevice } from '../data-directory.ts';
import { checkNewName, rememberGroup } from '../groups.ts';
import { summariseInvite } from '../invite.ts';
import { useNamedRelay, withDevice } from '../open.ts';
import { awaitAnswer, patienceOf, sendQueue } from '../patience.ts';
import { passphraseOfInvite, readInvite } from '../secrets.ts';
import { createDevice } from './init.ts';
import type { PairOptions } from './pair-options.ts';

/** Keeps the name of the new group, the relay that this call names for it, the invite's relay, and the device name. */
function keepSettings(context: Context, { relay: named, group: name, deviceName }: PairOptions, { id, relay }: Joined) {
  const [first] = named ?? [];
  rememberGroup(context, { id, ...(name !== undefined && { name }), ...(first !== undefined && { relay: first }) });
  changeSettings(context, ({ relays }) => ({
    relays: relays.some((each) => parseRelay(each).address === relay) ? relays : [...relays, relay],
    ...(deviceName !== undefined && { deviceName }),
  }));
}

interface Joined extends Pick<Group, 'id'> {
  /** The relay of the invite, `host:port`. */
  readonly relay: string;
}

/** `0k-sync pair --join <source>`: `-` is stdin, `@path` a file. Adds the group to those that the device is in. */
export async function joinGroup(context: Context, options: PairOptions, source: string): Promise<void> {
  const { io, reporter } = context;
  const invite = await readInvite(io, source);
  const { relay, needsPassphrase } = summariseInvite(invite, Date.now());
  const passphrase = needsPassphrase ? await passphraseOfInvite(io, reporter, options.passphraseFile) : undefined;
  const isNew = !holdsDevice(context.directory);
  checkNewName(isNew ? { groups: [] } : settingsOf(context), options.group);
  if (isNew) await createDevice(context, { ...options, relay: [] });
  const patience = patienceOf(context, options);
  const { id, device } = await withDevice(context, options, async (opened) => {
    const joining = opened.device.join(invite, passphrase === undefined ? {} : { passphrase });
    const group = await awaitAnswer(patience, () => ({ relay }), joining);
    keepSettings(context, options, { id: group.id, relay });
    await useNamedRelay(group, opened.settings, options);
    await sendQueue(group, patience);
    return group;
  });
  const line = { type: 'joined', group: id, name: options.group ?? null, device, relay };
  await reporter.result(line, () => [`joined group ${id} at ${relay}`]);
}
