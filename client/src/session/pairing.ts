import { toHex } from '@0k-sync/core/bytes';
import {
  createInvite,
  formatInvite,
  type GroupState,
  type Invite,
  openWelcome,
  parseInvite,
  sealWelcome,
  withPassphrase,
} from '@0k-sync/core/pairing';
import type { ErrorName } from '@0k-sync/generated/errors';
import { errors } from '@0k-sync/generated/errors';
import { INVITE_LIFETIME_MS_MAX } from '@0k-sync/generated/limits';
import type { RelayPin } from '@0k-sync/generated/wire/group';
import { SyncError } from '../error.ts';
import type { Chains } from '../group/chains.ts';
import { fixedPin } from '../group/group-setup.ts';
import type { Membership } from '../group/membership.ts';
import { type ProtocolConnection, RequestRefused, SessionEnded } from '../relay/connection.ts';
import { type DialConfig, dial } from '../relay/dial.ts';
import { explain, ProtocolViolation } from '../relay/failure.ts';
import { linkEnd } from '../relay/link-end.ts';
import { parseRelay } from '../relay/relay-address.ts';
import type { Live } from '../relay/relay-link.ts';
import type { StoredPin } from '../store/types.ts';

export interface PairOptions {
  /** The joiner needs it too, besides the link. PA-07. */
  readonly passphrase?: string;
  /** 1 to INVITE_LIFETIME_MS_MAX, the default. */
  readonly expiresInMs?: number;
}

export interface InviterConfig extends DialConfig {
  readonly membership: Membership;
  readonly chains: Chains;
}

/** Leaves a sealed Welcome at the relay and returns the link that opens it, a secret. PA-13. */
export async function inviteDevice(config: InviterConfig, live: Live, options: PairOptions): Promise<string> {
  const { crypto, random, clock, trust, membership, chains } = config;
  const { passphrase, expiresInMs = INVITE_LIFETIME_MS_MAX } = options;
  if (!(expiresInMs >= 1 && expiresInMs <= INVITE_LIFETIME_MS_MAX)) {
    throw new RangeError(`expiresInMs: ${expiresInMs} is not 1 to ${INVITE_LIFETIME_MS_MAX}`);
  }
  const { connection, source } = live.session;
  const relay = wirePin(trust.pin(source.address));
  const plain = createInvite(random, relay, clock.now() + expiresInMs);
  const invite = passphrase === undefined ? plain : withPassphrase(random, plain);
  const senders = membership.members.map(({ deviceKey }) => deviceKey);
  const payload = sealWelcome(crypto, random, passphrase === undefined ? { invite } : { invite, passphrase }, {
    groupId: membership.groupId,
    relays: [relay],
    members: membership.records,
    epochs: membership.epochs,
    heads: chains.entries(senders).map(({ sender, sequence, hash }) => {
      return { senderKey: sender, sequence: BigInt(sequence), hash };
    }),
  });
  if (!payload.ok) throw unusable(payload.error, payload.detail);
  const { mailboxId } = invite;
  const value = { mailboxId, payload: payload.value, expiresInMs: BigInt(expiresInMs) };
  await request(connection, source.address, { $case: 'mailboxPut', value });
  const link = formatInvite(crypto, invite);
  invite.key.wipe();
  return link;
}

/** A Welcome that was claimed, and the relay that it came from. */
export interface Claimed {
  readonly state: GroupState;
  readonly pin: StoredPin;
}

/** Takes part in pairings of this session: the same claim token may try a link again. PA-14. */
export class Joiner {
  readonly #config: DialConfig;
  readonly #tokens = new Map<string, Uint8Array>();

  constructor(config: DialConfig) {
    this.#config = config;
  }

  /**
   * Claims what a link names, lets `store` keep it, and only then has it deleted. PA-14, PA-16, PA-20.
   * @throws SyncError kind `invite` for a link that cannot be used, and what connecting throws.
   */
  async join(link: string, passphrase: string | undefined, store: (claimed: Claimed) => Promise<void>): Promise<void> {
    const { crypto, clock, trust } = this.#config;
    const parsed = parseInvite(crypto, link, clock.now());
    if (!parsed.ok) throw unusable(parsed.error, parsed.detail);
    const invite = parsed.value;
    const needsPassphrase = invite.passphrase !== undefined;
    if (needsPassphrase !== (passphrase !== undefined)) {
      throw unusable('INVITE_MALFORMED', needsPassphrase ? 'A passphrase is needed.' : 'No passphrase is set.');
    }
    const relay = parseRelay(invite.relay.address);
    const pin = fixedPin({ ...invite.relay, address: relay.address });
    trust.fix(pin);
    const ignore = { delivery: () => {}, goAway: () => {} };
    try {
      const { connection } = await dial(this.#config, relay, ignore);
      await this.#claim(connection, relay.address, invite, passphrase, (state) => store({ state, pin }));
      await connection.leave();
    } catch (error) {
      throw error instanceof SyncError ? error : linkEnd(error, relay.address, undefined).error;
    } finally {
      invite.key.wipe();
    }
  }

  async #claim(
    connection: ProtocolConnection,
    address: string,
    invite: Invite,
    passphrase: string | undefined,
    store: (state: GroupState) => Promise<void>,
  ): Promise<void> {
    const { mailboxId } = invite;
    const claimToken = this.#token(mailboxId);
    try {
      const answer = await request(connection, address, { $case: 'mailboxClaim', value: { mailboxId, claimToken } });
      if (answer.$case !== 'mailboxItem') throw new ProtocolViolation('UNEXPECTED_FRAME');
      const lock = passphrase === undefined ? { invite } : { invite, passphrase };
      const welcome = openWelcome(this.#config.crypto, lock, answer.value.payload);
      if (!welcome.ok) throw unusable(welcome.error, welcome.detail);
      await store(welcome.value);
      // What is stored is stored: a mailbox that is not deleted now expires by itself.
      await connection.request({ $case: 'mailboxAck', value: { mailboxId, claimToken } }).catch(() => {});
    } catch (error) {
      connection.abort(0);
      throw error;
    }
  }

  #token(mailboxId: Uint8Array): Uint8Array {
    const name = toHex(mailboxId);
    const token = this.#tokens.get(name) ?? this.#config.random(16);
    this.#tokens.set(name, token);
    return token;
  }
}

async function request(
  connection: ProtocolConnection,
  address: string,
  body: Parameters<ProtocolConnection['request']>[0],
): ReturnType<ProtocolConnection['request']> {
  try {
    return await connection.request(body);
  } catch (error) {
    if (error instanceof RequestRefused) throw explain(error.code, address, error.wire);
    if (error instanceof SessionEnded) throw linkEnd(error, address, undefined).error;
    throw error;
  }
}

function wirePin(pin: StoredPin | undefined): RelayPin {
  if (pin?.nodeId === undefined) throw new TypeError('a relay with a session has a pin');
  const none = new Uint8Array();
  return { address: pin.address, nodeId: pin.nodeId, kemHash: pin.kemHash ?? none, signingKey: pin.signingKey ?? none };
}

function unusable(error: ErrorName, detail: string): SyncError {
  return new SyncError('invite', detail, { code: errors[error].number, hint: errors[error].hint });
}
