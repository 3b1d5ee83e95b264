import { toHex } from '@0k-sync/core/bytes';
import { type GroupState, type Invite, openWelcome, parseInvite } from '@0k-sync/core/pairing';
import { fixedPin } from '../group/group-setup.ts';
import { type DialDeps, dial } from '../relay/dial.ts';
import { ProtocolViolation } from '../relay/errors.ts';
import { explainEnd } from '../relay/link-end.ts';
import type { ProtocolSession } from '../relay/protocol-session.ts';
import { parseRelay } from '../relay/relay-address.ts';
import type { StoredPin } from '../store/types.ts';
import { inviteError } from './invite-error.ts';

/** Stores the group of a Welcome, durably, together with the pin of the relay that gave it. */
export type StoreWelcome = (state: GroupState, pin: StoredPin) => Promise<void>;

const CLAIM_TOKEN_BYTES = 16;

/**
 * Joins groups by invite. A repeated join claims with the same token, so that a wrong passphrase can be corrected.
 * PA-14, PA-20.
 */
export class Joiner {
  readonly #deps: DialDeps;
  readonly #tokens = new Map<string, Uint8Array>();

  constructor(deps: DialDeps) {
    this.#deps = deps;
  }

  /**
   * Claims the Welcome of an invite, lets `store` keep it, and only then has the relay delete it. PA-16, PA-20.
   * Rejects with SyncError kind `invite` for an unusable invite or passphrase, and with what dialling rejects with.
   */
  async join(link: string, passphrase: string | undefined, store: StoreWelcome): Promise<void> {
    const { crypto, clock, pins } = this.#deps;
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
    pins.replacePin(pin);
    const ignore = { delivery: () => {}, goAway: () => {} };
    try {
      const { protocol } = await dial(this.#deps, relay, ignore);
      await this.#claimWelcome(protocol, invite, passphrase, (state) => store(state, pin));
      await protocol.leave();
    } catch (error) {
      throw explainEnd(error, relay.address).error;
    } finally {
      invite.key.wipe();
    }
  }

  async #claimWelcome(
    protocol: ProtocolSession,
    invite: Invite,
    passphrase: string | undefined,
    store: (state: GroupState) => Promise<void>,
  ): Promise<void> {
    const { mailboxId } = invite;
    const claimToken = this.#tokenFor(mailboxId);
    try {
      const answer = await protocol.request({ $case: 'mailboxClaim', value: { mailboxId, claimToken } });
      if (answer.$case !== 'mailboxItem') throw new ProtocolViolation('UNEXPECTED_FRAME');
      const lock = passphrase === undefined ? { invite } : { invite, passphrase };
      const welcome = openWelcome(this.#deps.crypto, lock, answer.value.payload);
      if (!welcome.ok) throw inviteError(welcome);
      await store(welcome.value);
      // The Welcome is stored; if this deletion fails, the mailbox expires by itself.
      await protocol.request({ $case: 'mailboxAck', value: { mailboxId, claimToken } }).catch(() => {});
    } catch (error) {
      protocol.abort(0);
      throw error;
    }
  }

  #tokenFor(mailboxId: Uint8Array): Uint8Array {
    const name = toHex(mailboxId);
    const token = this.#tokens.get(name) ?? this.#deps.random(CLAIM_TOKEN_BYTES);
    this.#tokens.set(name, token);
    return token;
  }
}
