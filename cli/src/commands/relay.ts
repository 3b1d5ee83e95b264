import { type Group, parseRelay, type TrustedRelay } from '@0k-sync/client/node';
import { zBase32 } from '@0k-sync/core/bytes';
import { CommandError } from '../command-error.ts';
import { type Context, changeSettings } from '../context.ts';
import { exitCodes } from '../exit.ts';
import { chooseGroup } from '../groups.ts';
import { type OpenDevice, withStoredDevice } from '../open.ts';
import type { GroupOptions } from '../options.ts';
import type { Settings } from '../settings.ts';

interface KnownRelay extends TrustedRelay {
  /** True for the relay that commands use if --relay names none. */
  readonly used: boolean;
}

const addressOf = (text: string) => parseRelay(text).address;

/** The keys that stand in a relay's text form. */
function keysIn(text: string): TrustedRelay {
  const { address: relay, pin } = parseRelay(text);
  const { nodeId, kemHash, fixed = false } = pin ?? {};
  return {
    relay,
    ...(nodeId && { nodeId: zBase32(nodeId) }),
    ...(kemHash && { kemHash: zBase32(kemHash) }),
    fixed,
  };
}

/** The group that a command about relays acts on; undefined while the device is in none. */
function groupOf(context: Context, { device, settings }: OpenDevice, wanted: string | undefined): Group | undefined {
  if (device.groups.length === 0 && wanted === undefined) return undefined;
  return chooseGroup(context, device.groups, settings, wanted);
}

/** The relays that the group may use, the one in use first. */
function relaysOf({ relays, groups }: Settings, group: Group | undefined): readonly string[] {
  const named = groups.find(({ id }) => id === group?.id)?.relay;
  const own = group?.state.relays.map(({ relay }) => relay) ?? [];
  return [...(named === undefined ? [] : [named]), ...own, ...relays];
}

function knownRelays(settings: Settings, group: Group | undefined): KnownRelay[] {
  const texts = relaysOf(settings, group);
  const trusted = group?.trustedRelays ?? texts.map(keysIn);
  const addresses = new Set([...texts.map(addressOf), ...trusted.map(({ relay }) => relay)]);
  const [first = ''] = texts.map(addressOf);
  return [...addresses].map((relay) => {
    const pin = trusted.find((each) => each.relay === relay) ?? { relay, fixed: false };
    return { ...pin, used: relay === first };
  });
}

function relayLine({ relay, nodeId, kemHash, fixed, used }: KnownRelay): string {
  const keys = [nodeId, kemHash].filter((key) => key !== undefined).join('.');
  const trust =
    nodeId === undefined ? 'its keys are not known yet' : `${fixed ? 'fixed keys' : 'keys from first use'} ${keys}`;
  return `${relay}${used ? ' (used)' : ''}: ${trust}`;
}

/** `0k-sync relay list` */
export async function listRelays(context: Context, options: GroupOptions): Promise<void> {
  await withStoredDevice(context, {}, async (opened) => {
    for (const each of knownRelays(opened.settings, groupOf(context, opened, options.group))) {
      const { relay, nodeId, kemHash, fixed, used } = each;
      const line = { type: 'relay', relay, node_id: nodeId ?? null, kem_hash: kemHash ?? null, fixed, used };
      await context.reporter.result(line, () => [relayLine(each)]);
    }
  });
}

/** Gives the relay to a group that has none, or fixes the keys that it is named with. */
async function offerTo(group: Group | undefined, relay: string): Promise<void> {
  if (group === undefined) return;
  if (group.state.relays.length === 0) await group.addRelay(relay);
  else if (parseRelay(relay).pin !== undefined) await group.trustRelay(relay);
}

/** `0k-sync relay add <relay>`: a group has one relay; `--relay` uses another one for one call. */
export async function addRelay(context: Context, relay: string, options: GroupOptions): Promise<void> {
  const address = addressOf(relay);
  await withStoredDevice(context, {}, async (opened) => {
    const { settings } = opened;
    const group = groupOf(context, opened, options.group);
    const isLocalOnly = group?.state.relays.length === 0;
    if (!isLocalOnly && relaysOf(settings, group).map(addressOf).includes(address)) throw knownError(address);
    await offerTo(group, relay);
    const kept = settings.relays.filter((each) => addressOf(each) !== address);
    changeSettings(context, () => ({ relays: [...kept, relay] }));
    const used = isLocalOnly || relaysOf(settings, group).length === 0;
    await context.reporter.result({ type: 'relay-added', relay: address, used }, () => [
      used ? `${address} is used from now on` : `added ${address}; use it with --relay ${address}`,
    ]);
  });
}

function knownError(address: string): CommandError {
  return new CommandError({
    exit: exitCodes.failure,
    kind: 'relay-known',
    message: `the relay ${address} is known already`,
    hint: 'use `0k-sync relay trust` to accept other keys of this relay',
  });
}

/** Replaces the text of a relay that no group uses yet. */
function replaceRelay(context: Context, relay: string): void {
  const isSame = (each: string) => addressOf(each) === addressOf(relay);
  changeSettings(context, ({ relays }) => ({
    relays: relays.some(isSame) ? relays.map((each) => (isSame(each) ? relay : each)) : [...relays, relay],
  }));
}

/** `0k-sync relay trust <relay>` */
export async function trustRelay(context: Context, relay: string, options: GroupOptions): Promise<void> {
  const { address, pin } = parseRelay(relay);
  await withStoredDevice(context, {}, async (opened) => {
    const group = groupOf(context, opened, options.group);
    if (group === undefined) replaceRelay(context, relay);
    else await group.trustRelay(relay);
    await context.reporter.result({ type: 'relay-trusted', relay: address, fixed: pin !== undefined }, () => [
      pin === undefined
        ? `forgot the keys of ${address}; the keys of the next connection will be trusted`
        : `${address} must show exactly these keys from now on`,
    ]);
  });
}
