import { parseRelay, type TrustedRelay } from '@0k-sync/client/node';
import { type Context, settingsOf } from '../context.ts';
import { exitCodes } from '../exit.ts';
import { Failure } from '../failure.ts';
import { withStoredDevice } from '../open.ts';
import { writeSettings } from '../settings.ts';

interface KnownRelay extends TrustedRelay {
  /** Commands use it unless they are given another. */
  readonly used: boolean;
}

function known(relays: readonly string[], trusted: readonly TrustedRelay[]): KnownRelay[] {
  const addresses = [...new Set([...relays, ...trusted.map(({ relay }) => relay)])];
  return addresses.map((relay) => {
    const pin = trusted.find((each) => each.relay === relay) ?? { relay, fixed: false };
    return { ...pin, used: relay === relays[0] };
  });
}

function describe({ relay, nodeId, kemHash, fixed, used }: KnownRelay): string {
  const keys = [nodeId, kemHash].filter((key) => key !== undefined).join('.');
  const trust = nodeId === undefined ? 'keys not known yet' : `${fixed ? 'fixed' : 'from first use'} ${keys}`;
  return `${relay}${used ? ' (used)' : ''}: ${trust}`;
}

/** `0k-sync relay list` */
export async function listRelays(context: Context): Promise<void> {
  const { relays } = settingsOf(context);
  await withStoredDevice(context, async ({ session }) => {
    for (const each of known(relays, session.trustedRelays)) {
      const { relay, nodeId, kemHash, fixed, used } = each;
      const line = { type: 'relay', relay, node_id: nodeId ?? null, kem_hash: kemHash ?? null, fixed, used };
      context.reporter.result(line, () => [describe(each)]);
    }
  });
}

async function fixKeys(context: Context, relay: string): Promise<void> {
  await withStoredDevice(context, ({ session }) => session.trustRelay(relay));
}

/** `0k-sync relay add <relay>`: the first one is used, another when `--relay` says so. */
export async function addRelay(context: Context, relay: string): Promise<void> {
  const settings = settingsOf(context);
  const { address, pin } = parseRelay(relay);
  if (settings.relays.includes(address))
    throw new Failure({
      exit: exitCodes.failure,
      code: 'relay-known',
      message: `${address} is known already`,
      hint: 'to accept other keys of it use `0k-sync relay trust`',
    });
  if (pin !== undefined) await fixKeys(context, relay);
  const relays = [...settings.relays, address];
  writeSettings(context.directory, { ...settings, relays });
  const used = relays[0] === address;
  context.reporter.result({ type: 'relay-added', relay: address, used }, () => [
    used ? `${address} is used from now on` : `added ${address}; use it with --relay ${address}`,
  ]);
}

/** `0k-sync relay trust <relay>` */
export async function trustRelay(context: Context, relay: string): Promise<void> {
  const { address, pin } = parseRelay(relay);
  await fixKeys(context, relay);
  context.reporter.result({ type: 'relay-trusted', relay: address, fixed: pin !== undefined }, () => [
    pin === undefined
      ? `forgot the keys of ${address}; those of the next connection are kept`
      : `from now on ${address} must have exactly these keys`,
  ]);
}
