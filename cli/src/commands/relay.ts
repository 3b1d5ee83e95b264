import { parseRelay, type TrustedRelay } from '@0k-sync/client/node';
import { CommandError } from '../command-error.ts';
import { type Context, changeSettings, settingsOf } from '../context.ts';
import { exitCodes } from '../exit.ts';
import { withStoredDevice } from '../open.ts';

interface KnownRelay extends TrustedRelay {
  /** True for the relay that commands use if --relay names none. */
  readonly used: boolean;
}

function knownRelays(relays: readonly string[], trusted: readonly TrustedRelay[]): KnownRelay[] {
  const addresses = [...new Set([...relays, ...trusted.map(({ relay }) => relay)])];
  return addresses.map((relay) => {
    const pin = trusted.find((each) => each.relay === relay) ?? { relay, fixed: false };
    return { ...pin, used: relay === relays[0] };
  });
}

function relayLine({ relay, nodeId, kemHash, fixed, used }: KnownRelay): string {
  const keys = [nodeId, kemHash].filter((key) => key !== undefined).join('.');
  const trust =
    nodeId === undefined ? 'its keys are not known yet' : `${fixed ? 'fixed keys' : 'keys from first use'} ${keys}`;
  return `${relay}${used ? ' (used)' : ''}: ${trust}`;
}

/** `0k-sync relay list` */
export async function listRelays(context: Context): Promise<void> {
  const { relays } = settingsOf(context);
  await withStoredDevice(context, async ({ session }) => {
    for (const each of knownRelays(relays, session.trustedRelays)) {
      const { relay, nodeId, kemHash, fixed, used } = each;
      const line = { type: 'relay', relay, node_id: nodeId ?? null, kem_hash: kemHash ?? null, fixed, used };
      await context.reporter.result(line, () => [relayLine(each)]);
    }
  });
}

async function fixKeys(context: Context, relay: string): Promise<void> {
  await withStoredDevice(context, ({ session }) => session.trustRelay(relay));
}

/** `0k-sync relay add <relay>`: commands use the first relay, or the one that `--relay` names. */
export async function addRelay(context: Context, relay: string): Promise<void> {
  const settings = settingsOf(context);
  const { address, pin } = parseRelay(relay);
  if (settings.relays.includes(address))
    throw new CommandError({
      exit: exitCodes.failure,
      kind: 'relay-known',
      message: `the relay ${address} is known already`,
      hint: 'use `0k-sync relay trust` to accept other keys of this relay',
    });
  if (pin !== undefined) await fixKeys(context, relay);
  const relays = [...settings.relays, address];
  changeSettings(context, () => ({ relays }));
  const used = relays[0] === address;
  await context.reporter.result({ type: 'relay-added', relay: address, used }, () => [
    used ? `${address} is used from now on` : `added ${address}; use it with --relay ${address}`,
  ]);
}

/** `0k-sync relay trust <relay>` */
export async function trustRelay(context: Context, relay: string): Promise<void> {
  const { address, pin } = parseRelay(relay);
  await fixKeys(context, relay);
  await context.reporter.result({ type: 'relay-trusted', relay: address, fixed: pin !== undefined }, () => [
    pin === undefined
      ? `forgot the keys of ${address}; the keys of the next connection will be trusted`
      : `${address} must show exactly these keys from now on`,
  ]);
}
