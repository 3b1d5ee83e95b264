import type { CryptoProvider, RandomSource } from '@0k-sync/core/crypto';
import { createInvite, formatInvite, sealWelcome, withPassphrase } from '@0k-sync/core/pairing';
import { INVITE_LIFETIME_MS_MAX } from '@0k-sync/generated/limits';
import type { RelayPin } from '@0k-sync/generated/wire/group';
import type { Clock } from '../async/clock.ts';
import type { Chains } from '../group/chains.ts';
import type { Membership } from '../group/membership.ts';
import { explainEnd } from '../relay/link-end.ts';
import type { MemberSession } from '../relay/member-session.ts';
import type { RelayPins } from '../relay/relay-pins.ts';
import type { StoredPin } from '../store/types.ts';
import { inviteError } from './invite-error.ts';

/** Options of `pair()`. */
export interface PairOptions {
  /** A text, not empty, that the joining device needs besides the invite. PA-07, PA-09. */
  readonly passphrase?: string;
  /**
   * Lifetime of the invite, ms: 1 to INVITE_LIFETIME_MS_MAX, which is the default. RangeError for other values. PA-13.
   */
  readonly expiresInMs?: number;
}

interface InviterDeps {
  readonly crypto: CryptoProvider;
  readonly random: RandomSource;
  readonly clock: Clock;
  readonly pins: RelayPins;
  readonly membership: Membership;
  readonly chains: Chains;
}

/**
 * Leaves a sealed Welcome in a mailbox at the relay and resolves with the invite that opens it, which is a secret. PA-13.
 * Rejects with SyncError kind `invite` for an unusable passphrase, and with what the relay answers.
 */
export async function inviteDevice(deps: InviterDeps, session: MemberSession, options: PairOptions): Promise<string> {
  const { crypto, random, clock, pins, membership, chains } = deps;
  const { passphrase, expiresInMs = INVITE_LIFETIME_MS_MAX } = options;
  if (!(expiresInMs >= 1 && expiresInMs <= INVITE_LIFETIME_MS_MAX)) {
    throw new RangeError(`expiresInMs: ${expiresInMs} is not 1 to ${INVITE_LIFETIME_MS_MAX}`);
  }
  const { protocol, relay } = session;
  const pin = wirePin(pins.pinOf(relay.address));
  const plain = createInvite(random, pin, clock.now() + expiresInMs);
  const invite = passphrase === undefined ? plain : withPassphrase(random, plain);
  const senders = membership.members.map(({ deviceKey }) => deviceKey);
  const payload = sealWelcome(crypto, random, passphrase === undefined ? { invite } : { invite, passphrase }, {
    groupId: membership.groupId,
    relays: [pin],
    members: membership.records,
    epochs: membership.epochs,
    heads: chains.headsOf(senders).map(({ sender, sequence, hash }) => {
      return { senderKey: sender, sequence: BigInt(sequence), hash };
    }),
  });
  if (!payload.ok) throw inviteError(payload);
  const value = { mailboxId: invite.mailboxId, payload: payload.value, expiresInMs: BigInt(expiresInMs) };
  await protocol.request({ $case: 'mailboxPut', value }).catch((error: unknown) => {
    throw explainEnd(error, relay.address).error;
  });
  const link = formatInvite(crypto, invite);
  invite.key.wipe();
  return link;
}

function wirePin(pin: StoredPin | undefined): RelayPin {
  if (pin?.nodeId === undefined) throw new TypeError('a relay with a session has a pin');
  const none = new Uint8Array();
  return { address: pin.address, nodeId: pin.nodeId, kemHash: pin.kemHash ?? none, signingKey: pin.signingKey ?? none };
}
