import { claimTokenOf, type GroupState, type Invite, openWelcome, parseInvite } from '@0k-sync/core/pairing';
import { fixedPin } from '../group/group-setup.ts';
import { type DialDeps, dial } from '../relay/dial.ts';
import { ProtocolViolation } from '../relay/errors.ts';
import { explainFailure } from '../relay/link-end.ts';
import type { ProtocolSession } from '../relay/protocol-session.ts';
import { parseRelay } from '../relay/relay-address.ts';
import type { StoredPin } from '../store/types.ts';
import { inviteError } from './invite-error.ts';

/** The device that joins. */
export interface JoiningDevice {
  /** Resolves with the device seed, 32 bytes, once it is stored: it gives the claim token. PA-20. */
  readonly storedSeed: () => Promise<Uint8Array>;
  /** Stores the group of a Welcome, durably, together with the pin of the relay that gave it. */
  readonly storeWelcome: (state: GroupState, pin: StoredPin) => Promise<void>;
}

/** The link of an invite, and the passphrase if it needs one. */
interface ReceivedInvite {
  readonly link: string;
  readonly passphrase: string | undefined;
}

/**
 * Claims the Welcome of an invite, lets the device store it, and only then has the relay delete it. PA-16, PA-20.
 * Rejects with SyncError kind `invite` for an unusable invite or passphrase, and with what dialling rejects with; then
 * the same device can claim again, also in a new process.
 */
export async function joinByInvite(
  deps: DialDeps,
  device: JoiningDevice,
  { link, passphrase }: ReceivedInvite,
): Promise<void> {
  const { crypto, clock, pins } = deps;
  const parsed = parseInvite(crypto, link, clock.now());
  if (!parsed.ok) throw inviteError(parsed);
  const invite = parsed.value;
  const needsPassphrase = invite.passphrase !== undefined;
  if (needsPassphrase !== (passphrase !== undefined)) {
    const detail = needsPassphrase ? 'This invite needs a passphrase.' : 'This invite has no passphrase.';
    throw inviteError({ error: 'INVITE_MALFORMED', detail });
  }
  const relay = parseRelay(invite.relay.address);
  const pin = fixedPin({ ...invite.relay, address: relay.address });
  const claimToken = claimTokenOf(crypto, await device.storedSeed(), invite.mailboxId);
  pins.replacePin(pin);
  const ignore = { delivery: () => {}, goAway: () => {} };
  try {
    const { protocol } = await dial(deps, relay, ignore);
    const claim = { protocol, invite, passphrase, claimToken };
    await claimWelcome(deps, claim, (state) => device.storeWelcome(state, pin));
    await protocol.leave();
  } catch (error) {
    throw explainFailure(error, relay.address);
  } finally {
    invite.key.wipe();
  }
}

interface Claim {
  readonly protocol: ProtocolSession;
  readonly invite: Invite;
  readonly passphrase: string | undefined;
  /** 16 bytes. */
  readonly claimToken: Uint8Array;
}

async function claimWelcome(
  { crypto }: DialDeps,
  { protocol, invite, passphrase, claimToken }: Claim,
  store: (state: GroupState) => Promise<void>,
): Promise<void> {
  const { mailboxId } = invite;
  try {
    const answer = await protocol.request({ $case: 'mailboxClaim', value: { mailboxId, claimToken } });
    if (answer.$case !== 'mailboxItem') throw new ProtocolViolation('UNEXPECTED_FRAME');
    const lock = passphrase === undefined ? { invite } : { invite, passphrase };
    const welcome = openWelcome(crypto, lock, answer.value.payload);
    if (!welcome.ok) throw inviteError(welcome);
    await store(welcome.value);
    // The Welcome is stored; if this deletion fails, the mailbox expires by itself.
    await protocol.request({ $case: 'mailboxAck', value: { mailboxId, claimToken } }).catch(() => {});
  } catch (error) {
    protocol.abort(0);
    throw error;
  }
}
