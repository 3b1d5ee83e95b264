import { equal, toHex } from '@0k-sync/core/bytes';
import type { Refusal } from '@0k-sync/core/wire';
import { INVITE_LIFETIME_MS_MAX, MAILBOXES_MAX } from '@0k-sync/generated/limits';
import {
  type MailboxAck,
  type MailboxClaim,
  type MailboxItem,
  type MailboxPut,
  MailboxState,
} from '@0k-sync/generated/wire/pairing';

interface Mailbox {
  /** Group id in hex. */
  readonly group: string;
  readonly payload: Uint8Array;
  readonly expiresAtMs: number;
  claimToken: Uint8Array | undefined;
}

const UNAVAILABLE: Refusal = { error: 'INVITE_UNAVAILABLE' };
const NOTHING = new Uint8Array(0);

/** The mailboxes of a relay, kept by the rules. PA-13 to PA-17. */
export class Mailboxes {
  /** Mailboxes by their id in hexadecimal. */
  readonly entries = new Map<string, Mailbox>();

  /** Opens a mailbox for a group. PA-13. */
  put(groupId: Uint8Array, { mailboxId, payload, expiresInMs }: MailboxPut, nowMs: number): MailboxItem | Refusal {
    if (payload.length === 0 || expiresInMs === 0n) return { error: 'INVALID_MESSAGE' };
    if (this.#find(mailboxId, nowMs) !== undefined) return UNAVAILABLE;
    const group = toHex(groupId);
    const open = [...this.entries.values()].filter((box) => box.group === group && box.expiresAtMs > nowMs);
    if (open.length >= MAILBOXES_MAX) return { error: 'MAILBOXES_EXCEEDED' };
    const expiresAtMs = nowMs + Math.min(Number(expiresInMs), INVITE_LIFETIME_MS_MAX);
    this.entries.set(toHex(mailboxId), { group, payload: payload.slice(), expiresAtMs, claimToken: undefined });
    return item(MailboxState.MAILBOX_STATE_OPEN, expiresAtMs);
  }

  /** Binds a mailbox to a claim token and gives its payload. PA-14. */
  claim({ mailboxId, claimToken }: MailboxClaim, nowMs: number): MailboxItem | Refusal {
    const mailbox = this.#find(mailboxId, nowMs);
    if (mailbox === undefined) return UNAVAILABLE;
    if (mailbox.claimToken !== undefined && !equal(mailbox.claimToken, claimToken)) return UNAVAILABLE;
    mailbox.claimToken = claimToken.slice();
    return item(MailboxState.MAILBOX_STATE_CLAIMED, mailbox.expiresAtMs, mailbox.payload);
  }

  /** Closes a mailbox for the holder of its token. PA-16. */
  acknowledge({ mailboxId, claimToken }: MailboxAck, nowMs: number): MailboxItem | Refusal {
    const token = this.#find(mailboxId, nowMs)?.claimToken;
    if (token === undefined || !equal(token, claimToken)) return UNAVAILABLE;
    this.entries.delete(toHex(mailboxId));
    return item(MailboxState.MAILBOX_STATE_CLOSED, 0);
  }

  /** Closes a mailbox for a member of its group. PA-17. */
  cancel(groupId: Uint8Array, mailboxId: Uint8Array, nowMs: number): MailboxItem | Refusal {
    if (this.#find(mailboxId, nowMs)?.group !== toHex(groupId)) return UNAVAILABLE;
    this.entries.delete(toHex(mailboxId));
    return item(MailboxState.MAILBOX_STATE_CLOSED, 0);
  }

  #find(mailboxId: Uint8Array, nowMs: number): Mailbox | undefined {
    const mailbox = this.entries.get(toHex(mailboxId));
    return mailbox !== undefined && mailbox.expiresAtMs > nowMs ? mailbox : undefined;
  }
}

function item(state: MailboxState, expiresAtMs: number, payload: Uint8Array = NOTHING): MailboxItem {
  return { state, payload, expiresAtMs: BigInt(Math.floor(expiresAtMs)) };
}
