import type { StrangerRequest } from '@0k-sync/core/session';
import type { Carrier } from '../shared/carrier.ts';
import { CLAIM_RETRY_AFTER_MS } from '../shared/retry-times.ts';
import { MailboxClaims } from './mailbox-requests.ts';

/** Handles one kind of request; rejects with StorageError. */
type StrangerHandler<Value> = (claims: MailboxClaims, requestId: number, value: Value) => Promise<void>;

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
    const { admission, clock, observer } = this.#carrier.shared;
    if (!admission.mayClaim(this.#carrier.address, clock.monotonic())) {
      observer.refused('RATE_LIMITED');
      this.#carrier.engine.refuse(requestId, { error: 'RATE_LIMITED', retryAfterMs: CLAIM_RETRY_AFTER_MS });
      return;
    }
    const handle = HANDLERS[body.$case] as StrangerHandler<StrangerRequest['value']>;
    handle(this.#claims, requestId, body.value)
      .catch(() => this.#carrier.engine.refuse(requestId, { error: 'STORAGE_UNAVAILABLE' }))
      .finally(() => this.#carrier.schedule());
  }
}
