import { toHex } from '@0k-sync/core/bytes';
import {
  type MailboxAck,
  type MailboxCancel,
  type MailboxClaim,
  type MailboxPut,
  MailboxState,
} from '@0k-sync/generated/wire/pairing';
import { isRefused, type Outcomes } from '../../store/port.ts';
import type { Carrier } from '../shared/carrier.ts';
import type { MemberDeps } from './member-deps.ts';

const NOTHING = new Uint8Array(0);

/** Leaves a member's Welcome in a mailbox. The frame's walk has checked the payload's length. PA-13. */
export function putMailbox(deps: MemberDeps, requestId: number, { mailboxId, payload, expiresInMs }: MailboxPut): void {
  if (payload.length === 0 || expiresInMs === 0n) {
    deps.refuse(requestId, { error: 'INVALID_MESSAGE' });
    return;
  }
  const { group } = deps;
  deps.submit({ kind: 'mailbox-put', requestId, group, mailboxId, payload, expiresInMs: Number(expiresInMs) });
}

/** Answers `putMailbox`. */
export function answerPut(deps: MemberDeps, requestId: number, outcome: Outcomes['mailbox-put']): void {
  if (isRefused(outcome)) deps.refuse(requestId, { error: outcome.refused });
  else answerState(deps.carrier, requestId, MailboxState.MAILBOX_STATE_OPEN, outcome.expiresAtMs);
}

/** Takes a member's Welcome back. PA-17. */
export function cancelMailbox(deps: MemberDeps, requestId: number, { mailboxId }: MailboxCancel): void {
  deps.submit({ kind: 'mailbox-cancel', requestId, group: deps.group, mailboxId });
}

/** Answers `cancelMailbox`. */
export function answerCancel(deps: MemberDeps, requestId: number, outcome: Outcomes['mailbox-cancel']): void {
  if (isRefused(outcome)) deps.refuse(requestId, { error: outcome.refused });
  else answerState(deps.carrier, requestId, MailboxState.MAILBOX_STATE_CLOSED, 0);
}

/** The mailboxes that one stranger takes a Welcome from. Both methods reject with StorageError. PA-14 to PA-16. */
export class MailboxClaims {
  readonly #carrier: Carrier;
  /** Mailboxes acknowledged here, by id and token: a repeated Ack gets the same answer. PA-16. */
  readonly #acknowledged = new Set<string>();

  constructor(carrier: Carrier) {
    this.#carrier = carrier;
  }

  /** @returns false when the claim failed */
  async claim(requestId: number, { mailboxId, claimToken }: MailboxClaim): Promise<boolean> {
    const { engine, shared } = this.#carrier;
    const outcome = await shared.store.perform({ kind: 'mailbox-claim', requestId, mailboxId, claimToken });
    if (isRefused(outcome)) return this.#refuse(requestId);
    const { payload, expiresAtMs } = outcome;
    engine.claimAccepted(shared.clock.monotonic() + Math.max(0, expiresAtMs - shared.clock.wall()));
    answerState(this.#carrier, requestId, MailboxState.MAILBOX_STATE_CLAIMED, expiresAtMs, payload);
    return true;
  }

  /** @returns false when the acknowledgement failed */
  async acknowledge(requestId: number, { mailboxId, claimToken }: MailboxAck): Promise<boolean> {
    const key = keyOf({ mailboxId, claimToken });
    if (!this.#acknowledged.has(key)) {
      const { store } = this.#carrier.shared;
      const outcome = await store.perform({ kind: 'mailbox-acknowledge', requestId, mailboxId, claimToken });
      if (isRefused(outcome)) return this.#refuse(requestId);
      this.#acknowledged.add(key);
    }
    answerState(this.#carrier, requestId, MailboxState.MAILBOX_STATE_CLOSED, 0);
    return true;
  }

  /** True for a mailbox that was acknowledged here with this token. PA-16. */
  hasAcknowledged(mailbox: MailboxAck): boolean {
    return this.#acknowledged.has(keyOf(mailbox));
  }

  /** Refuses alike for an unknown, used, expired or cancelled mailbox and for a wrong token. PA-15. */
  #refuse(requestId: number): false {
    this.#carrier.shared.observer.refused('INVITE_UNAVAILABLE');
    this.#carrier.engine.refuse(requestId, { error: 'INVITE_UNAVAILABLE' });
    return false;
  }
}

function keyOf({ mailboxId, claimToken }: MailboxAck): string {
  return `${toHex(mailboxId)}${toHex(claimToken)}`;
}

/** Answers with a mailbox's state. @param expiresAtMs milliseconds since 1970; 0 for a mailbox that is gone */
function answerState(
  { engine }: Carrier,
  requestId: number,
  state: MailboxState,
  expiresAtMs: number,
  payload: Uint8Array = NOTHING,
): void {
  engine.answer(requestId, { $case: 'mailboxItem', value: { state, payload, expiresAtMs: BigInt(expiresAtMs) } });
}
