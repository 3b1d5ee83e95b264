import { toHex } from '@0k-sync/core/bytes';
import type { FrameBody } from '@0k-sync/core/wire';
import { type MailboxAck, type MailboxClaim, MailboxState } from '@0k-sync/generated/wire/pairing';
import { isRefused } from '../store/port.ts';
import type { Carrier } from './carrier.ts';

const RETRY_AFTER_MS = 60_000;
const NOTHING = new Uint8Array(0);

/** Somebody who has not said Hello: may take a mailbox, and nothing else. PA-14 to PA-19. */
export class Stranger {
  readonly #carrier: Carrier;
  /** Mailboxes acknowledged here, by id and token: repeating it is answered alike. PA-16. */
  readonly #acknowledged = new Set<string>();

  constructor(carrier: Carrier) {
    this.#carrier = carrier;
  }

  receive(requestId: number, body: FrameBody): void {
    const { admission, clock, observer } = this.#carrier.services;
    if (!admission.mayClaim(this.#carrier.address, clock.monotonic())) {
      observer.refused('RATE_LIMITED');
      this.#carrier.engine.refuse(requestId, { code: 'RATE_LIMITED', retryAfterMs: RETRY_AFTER_MS });
      return;
    }
    const done =
      body.$case === 'mailboxClaim'
        ? this.#claim(requestId, body.value)
        : body.$case === 'mailboxAck'
          ? this.#acknowledge(requestId, body.value)
          : Promise.resolve();
    done
      .catch(() => this.#carrier.engine.refuse(requestId, { code: 'STORAGE_UNAVAILABLE' }))
      .finally(() => this.#carrier.schedule());
  }

  async #claim(requestId: number, { mailboxId, claimToken }: MailboxClaim): Promise<void> {
    const { engine, services } = this.#carrier;
    const outcome = await services.store.perform({ kind: 'mailbox-claim', requestId, mailboxId, claimToken });
    if (isRefused(outcome)) return this.#refuse(requestId);
    const { payload, expiresAtMs } = outcome;
    engine.claimAccepted(services.clock.monotonic() + Math.max(0, expiresAtMs - services.clock.wall()));
    this.#answer(requestId, MailboxState.MAILBOX_STATE_CLAIMED, payload, expiresAtMs);
  }

  async #acknowledge(requestId: number, { mailboxId, claimToken }: MailboxAck): Promise<void> {
    const key = `${toHex(mailboxId)}${toHex(claimToken)}`;
    if (!this.#acknowledged.has(key)) {
      const { store } = this.#carrier.services;
      const outcome = await store.perform({ kind: 'mailbox-acknowledge', requestId, mailboxId, claimToken });
      if (isRefused(outcome)) return this.#refuse(requestId);
      this.#acknowledged.add(key);
    }
    this.#answer(requestId, MailboxState.MAILBOX_STATE_CLOSED, NOTHING, 0);
  }

  #answer(requestId: number, state: MailboxState, payload: Uint8Array, expiresAtMs: number): void {
    const value = { state, payload, expiresAtMs: BigInt(expiresAtMs) };
    this.#carrier.engine.answer(requestId, { $case: 'mailboxItem', value });
  }

  /** Unknown, used, expired, cancelled, wrong token: all alike. PA-15. */
  #refuse(requestId: number): void {
    const { admission, clock, observer } = this.#carrier.services;
    admission.claimFailed(this.#carrier.address, clock.monotonic());
    observer.refused('INVITE_UNAVAILABLE');
    this.#carrier.engine.refuse(requestId, { code: 'INVITE_UNAVAILABLE' });
  }
}
