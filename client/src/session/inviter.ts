import { zBase32 } from '@0k-sync/core/bytes';
import type { CryptoProvider, RandomSource } from '@0k-sync/core/crypto';
import { verifyStub } from '@0k-sync/core/envelope';
import {
  createInvite,
  formatInvite,
  PASSPHRASE_STRENGTH_MIN,
  parseInvite,
  passphraseStrength,
  sealWelcome,
  withPassphrase,
} from '@0k-sync/core/pairing';
import { errors } from '@0k-sync/generated/errors';
import { INVITE_LIFETIME_MS_MAX } from '@0k-sync/generated/limits';
import { Stub } from '@0k-sync/generated/wire/envelope';
import type { RelayPin } from '@0k-sync/generated/wire/group';
import { checkOptions, checkSignal, checkText } from '../arguments.ts';
import { abortable } from '../async/abortable.ts';
import type { Clock } from '../async/clock.ts';
import { SyncError } from '../error.ts';
import type { Chains } from '../group/chains.ts';
import type { Membership } from '../group/membership.ts';
import { stubOfEntry } from '../group/stored-entry.ts';
import { explainError } from '../relay/explain-error.ts';
import { explainFailure } from '../relay/link-end.ts';
import type { MemberSession } from '../relay/member-session.ts';
import type { RelayPins } from '../relay/relay-pins.ts';
import type { Store } from '../store/port.ts';
import type { StoredPin } from '../store/types.ts';
import { inviteError } from './invite-error.ts';

/** Options of `invite()` and `pair()`. */
export interface PairOptions {
  /**
   * A text that the joining device needs besides the invite. Whoever steals the invite can try passphrases without
   * limit, so a weak one is refused: use four random words, or ten mixed characters. PA-07, PA-23.
   */
  readonly passphrase?: string;
  /**
   * Lifetime of the invite, ms: 1 to INVITE_LIFETIME_MS_MAX, which is the default. PA-13.
   */
  readonly expiresInMs?: number;
  /** Rejects the call with the signal's reason when it aborts. */
  readonly signal?: AbortSignal;
}

interface InviterDeps {
  readonly crypto: CryptoProvider;
  readonly random: RandomSource;
  readonly clock: Clock;
  readonly pins: RelayPins;
  readonly membership: Membership;
  readonly chains: Chains;
  readonly store: Store;
}

/**
 * Checks the options before anything is dialled.
 * @throws SyncError kind `argument` for a lifetime out of bounds or a weak passphrase (PA-23); TypeError for a wrong type
 */
export function checkPairOptions(options: PairOptions): void {
  checkOptions(options);
  const { passphrase, expiresInMs = INVITE_LIFETIME_MS_MAX, signal } = options;
  checkSignal(signal);
  if (typeof expiresInMs !== 'number') throw new TypeError(`expiresInMs: expected a number, got ${typeof expiresInMs}`);
  if (!(expiresInMs >= 1 && expiresInMs <= INVITE_LIFETIME_MS_MAX)) {
    throw new SyncError('argument', `expiresInMs: ${expiresInMs} is not 1 to ${INVITE_LIFETIME_MS_MAX}.`, {
      hint: 'Give the lifetime of the invite in milliseconds, or omit it.',
    });
  }
  if (passphrase === undefined) return;
  checkText('passphrase', passphrase);
  if (passphraseStrength(passphrase) >= PASSPHRASE_STRENGTH_MIN) return;
  throw new SyncError('argument', 'The passphrase is too weak.', {
    code: errors.INVITE_MALFORMED.number,
    hint: 'Use four random words, or at least ten letters, digits and signs without a pattern.',
  });
}

/**
 * Leaves a sealed Welcome in a mailbox at the relay and resolves with the invite that opens it, which is a secret. PA-13.
 * Rejects with what the relay answers.
 */
export async function inviteDevice(deps: InviterDeps, session: MemberSession, options: PairOptions): Promise<string> {
  const { crypto, random, clock, pins, membership } = deps;
  const { passphrase, expiresInMs = INVITE_LIFETIME_MS_MAX, signal } = options;
  const { protocol, relay } = session;
  const pin = wirePin(pins.pinOf(relay.address));
  const plain = createInvite(random, pin, Math.max(0, clock.now()) + expiresInMs);
  const invite = passphrase === undefined ? plain : withPassphrase(random, plain);
  const payload = sealWelcome(crypto, random, passphrase === undefined ? { invite } : { invite, passphrase }, {
    groupId: membership.groupId,
    relays: [pin],
    members: membership.records,
    epochs: membership.epochs,
    heads: await headsOf(deps),
    names: membership.members.filter(({ name }) => name !== ''),
  });
  if (!payload.ok) throw inviteError(payload);
  const value = { mailboxId: invite.mailboxId, payload: payload.value, expiresInMs: BigInt(expiresInMs) };
  await abortable(protocol.request({ $case: 'mailboxPut', value }), signal).catch((error: unknown) => {
    signal?.throwIfAborted();
    throw explainFailure(error, relay.address);
  });
  const link = formatInvite(crypto, invite);
  invite.key.wipe();
  return link;
}

/**
 * Cancels an invite of this group by its link, whatever its age. Rejects with SyncError kind `invite` when it is
 * unreadable, used, expired, cancelled, or of another group or relay. PA-17, PA-24.
 */
export async function cancelInvite(
  deps: InviterDeps,
  session: MemberSession,
  link: string,
  signal?: AbortSignal,
): Promise<void> {
  const { protocol, relay } = session;
  const parsed = parseInvite(deps.crypto, link, 0);
  if (!parsed.ok) throw inviteError(parsed);
  const { mailboxId, key, relay: pin } = parsed.value;
  key.wipe();
  if (zBase32(pin.nodeId) !== relay.key) throw explainError('INVITE_UNAVAILABLE', relay.address);
  const cancelled = protocol.request({ $case: 'mailboxCancel', value: { mailboxId } });
  await abortable(cancelled, signal).catch((error: unknown) => {
    signal?.throwIfAborted();
    throw explainFailure(error, relay.address);
  });
}

/** The head of each sender's chain that its own signature proves, for a Welcome. PA-12. */
async function headsOf({ crypto, membership, chains, store }: InviterDeps): Promise<Stub[]> {
  const heads: Stub[] = [];
  for (const { deviceKey } of membership.members) {
    const { head } = chains.chainOf(deviceKey);
    const entry = await store.entryBySequence(deviceKey, head);
    const proven = membership.headOf(deviceKey);
    const stub = entry === undefined ? proven && Stub.decode(proven.stub) : stubOfEntry(membership.groupId, entry);
    if (stub !== undefined && verifyStub(crypto, stub, membership.groupId).ok) heads.push(stub);
  }
  return heads;
}

function wirePin(pin: StoredPin | undefined): RelayPin {
  if (pin?.nodeId === undefined) throw new TypeError('a relay with a session has a pin');
  const none = new Uint8Array();
  return { address: pin.address, nodeId: pin.nodeId, kemHash: pin.kemHash ?? none, signingKey: pin.signingKey ?? none };
}
