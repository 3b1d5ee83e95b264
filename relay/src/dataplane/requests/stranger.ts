import { toHex } from '@0k-sync/core/bytes';
import type { StrangerRequest } from '@0k-sync/core/session';
import type { Carrier } from '../shared/carrier.ts';
import { CLAIM_RETRY_AFTER_MS } from '../shared/retry-times.ts';
import { MailboxClaims } from './mailbox-requests.ts';

/** Handles one kind of request. @returns false when the claim failed; rejects with StorageError */
type StrangerHandler<Value> = (claims: MailboxClaims, requestId: number, value: Value) => Promise<boolean>;

/** One row for each frame of a stranger that spec/session.md lists. */
const HANDLERS: { readonly [Body in StrangerRequest as Body['$case']]: StrangerHandler<Body['value']> } = {
  mailboxClaim: (claims, requestId, claim) => claims.claim(requestId, claim),
  mailboxAck: (claims, requestId, acknowledgement) => claims.acknowledge(requestId, acknowledgement),
};

/** A client before its Hello, which may only take a Welcome from a mailbox. PA-14 to PA-19. */
export class Stranger {
  readonly #carrier: Carrier;
  readonly #claims: MailboxClaims;

  constructor(carrier: Carrier) {
    this.#carrier = carrier;
    this.#claims = new MailboxClaims(carrier);
  }

  receive(requestId: number, body: StrangerRequest): void {
    void this.#claim(requestId, body)
      .catch(() => this.#carrier.engine.refuse(requestId, { error: 'STORAGE_UNAVAILABLE' }))
      .finally(() => this.#carrier.schedule());
  }

  /** Takes the claim's places in the limits before it does anything. PA-18. Rejects with StorageError. */
  async #claim(requestId: number, body: StrangerRequest): Promise<void> {
    const { admission, clock, observer, store } = this.#carrier.shared;
    const claimer = { address: this.#carrier.address, mailbox: toHex(body.value.mailboxId) };
    const succeeds = () =>
      this.#claims.hasAcknowledged(body.value) || store.answersClaim({ ...body.value, nowMs: clock.wall() });
    const attempt =
      admission.claims.begin(claimer, clock.monotonic()) ??
      (succeeds() ? admission.claims.beginBeyond(claimer) : undefined);
    if (attempt === undefined) {
      observer.refused('RATE_LIMITED');
      this.#carrier.engine.refuse(requestId, { error: 'RATE_LIMITED', retryAfterMs: CLAIM_RETRY_AFTER_MS });
      return;
    }
    let hasFailed = false;
    try {
      const handle = HANDLERS[body.$case] as StrangerHandler<StrangerRequest['value']>;
      hasFailed = !(await handle(this.#claims, requestId, body.value));
    } finally {
      attempt.settle(hasFailed);
    }
  }
}
