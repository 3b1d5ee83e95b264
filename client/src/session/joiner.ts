import { claimTokenOf, type GroupState, type Invite, openWelcome, parseInvite } from '@0k-sync/core/pairing';
import { checkReadOptions, checkText } from '../arguments.ts';
import { abortable } from '../async/abortable.ts';
import { callApp } from '../async/call-app.ts';
import { fixedPin } from '../group/group-setup.ts';
import type { Progress } from '../progress.ts';
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

/** Options of `join()`. */
export interface JoinOptions {
  /** The passphrase of an invite that needs one. PA-07. */
  readonly passphrase?: string | undefined;
  /** Rejects the call with the signal's reason when it aborts before the group is stored; then the device is in no group. */
  readonly signal?: AbortSignal | undefined;
  /** Called after each step: the relay is connected, the invite is claimed, the group is stored. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** @throws TypeError for an argument of a wrong type; the reason of a signal that has aborted */
export function checkJoin(link: unknown, options: JoinOptions): void {
  checkText('invite', link);
  checkReadOptions(options);
  if (options.passphrase !== undefined) checkText('passphrase', options.passphrase);
}

/** The steps of joining. */
const STEPS = 3;

/**
 * Claims the Welcome of an invite, lets the device store it, and only then has the relay delete it. PA-16, PA-20.
 * Rejects with SyncError kind `invite` for an unusable invite or passphrase, and with what dialling rejects with; then
 * the same device can claim again, also in a new process.
 */
export async function joinByInvite(
  deps: DialDeps,
  device: JoiningDevice,
  link: string,
  { passphrase, signal, onProgress = () => {} }: JoinOptions,
): Promise<void> {
  const { crypto, clock, pins } = deps;
  signal?.throwIfAborted();
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
    const { protocol } = await dial(deps, relay, ignore, signal);
    const report = (done: number) => callApp(onProgress, { done, total: STEPS, resumedFrom: 0 });
    report(1);
    const claim = { protocol, invite, passphrase, claimToken, signal };
    await claimWelcome(deps, claim, async (state) => {
      report(2);
      await device.storeWelcome(state, pin);
      report(STEPS);
    });
    await protocol.leave();
  } catch (error) {
    signal?.throwIfAborted();
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
  readonly signal: AbortSignal | undefined;
}

async function claimWelcome(
  { crypto }: DialDeps,
  { protocol, invite, passphrase, claimToken, signal }: Claim,
  store: (state: GroupState) => Promise<void>,
): Promise<void> {
  const { mailboxId } = invite;
  try {
    const claimed = protocol.request({ $case: 'mailboxClaim', value: { mailboxId, claimToken } });
    const answer = await abortable(claimed, signal);
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
