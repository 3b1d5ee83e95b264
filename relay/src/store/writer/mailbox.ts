import { timingSafeEqual } from 'node:crypto';
import { stepOf } from '@0k-sync/core/machine';
import { type InviteEvent, invite } from '@0k-sync/generated/machines/invite';
import type {
  MailboxAcknowledge,
  MailboxCancel,
  MailboxClaim,
  MailboxContent,
  MailboxPut,
  Outcomes,
  Refused,
} from '../port.ts';
import type { AuditEvent } from './audit.ts';
import { audit, type Context } from './context.ts';
import type { MailboxRecord } from './statements.ts';

/** The one refusal for an unknown, used, expired or cancelled mailbox and for a wrong token. PA-15. */
const UNAVAILABLE: Refused = { refused: 'INVITE_UNAVAILABLE' };
const EXPIRED_AT_ONCE_MAX = 1000;

/** Opens a mailbox with a Welcome. PA-13. */
export function putMailbox(context: Context, request: MailboxPut): Outcomes['mailbox-put'] {
  const { statements, quotas, nowMs } = context;
  if (findMailbox(context, request.mailboxId) !== undefined) return UNAVAILABLE;
  const open = statements.mailboxesOfGroup.get(request.group, nowMs)?.count ?? 0;
  if (open >= quotas.mailboxesMax) return { refused: 'MAILBOXES_EXCEEDED' };
  const expiresAtMs = nowMs + Math.min(request.expiresInMs, quotas.inviteLifetimeMsMax);
  statements.insertMailbox.run(request.mailboxId, request.group, invite.initial, request.payload, expiresAtMs);
  note(context, 'invite-put', request.group);
  return { expiresAtMs };
}

/** Claims a mailbox, or claims it again with the same token. PA-14. */
export function claimMailbox(context: Context, { mailboxId, claimToken }: MailboxClaim): MailboxContent | Refused {
  const mailbox = findMailbox(context, mailboxId);
  if (mailbox === undefined) return UNAVAILABLE;
  const event = holdsToken(mailbox, claimToken) ? 'claim-again' : 'claim';
  return step(context, mailbox, event, claimToken)
    ? { payload: mailbox.payload, expiresAtMs: mailbox.expires_at_ms }
    : UNAVAILABLE;
}

/** Closes a mailbox whose Welcome the stranger has stored. PA-16. */
export function acknowledgeMailbox(context: Context, request: MailboxAcknowledge): Refused | undefined {
  const mailbox = findMailbox(context, request.mailboxId);
  if (mailbox === undefined || !holdsToken(mailbox, request.claimToken)) return UNAVAILABLE;
  return step(context, mailbox, 'acknowledge') ? undefined : UNAVAILABLE;
}

/** Closes a mailbox for a member of its group. PA-17. */
export function cancelMailbox(context: Context, { group, mailboxId }: MailboxCancel): Refused | undefined {
  const mailbox = findMailbox(context, mailboxId);
  if (mailbox === undefined || mailbox.group_row !== group) return UNAVAILABLE;
  return step(context, mailbox, 'cancel') ? undefined : UNAVAILABLE;
}

/** Removes expired mailboxes, a bounded number at once. @returns their number */
export function expireMailboxes(context: Context): number {
  const expired = context.statements.expiredMailboxes.all(context.nowMs, EXPIRED_AT_ONCE_MAX);
  for (const mailbox of expired) step(context, mailbox, 'expire');
  return expired.length;
}

/** Finds a mailbox; an expired one is removed now. */
function findMailbox(context: Context, mailboxId: Uint8Array): MailboxRecord | undefined {
  const mailbox = context.statements.mailbox.get(mailboxId);
  if (mailbox === undefined || mailbox.expires_at_ms > context.nowMs) return mailbox;
  step(context, mailbox, 'expire');
  return undefined;
}

/** Takes one step of the machine `invite` and carries out its actions. @returns false when the step is a refusal */
function step(context: Context, mailbox: MailboxRecord, event: InviteEvent, token?: Uint8Array): boolean {
  const transition = stepOf(invite, mailbox.state, event);
  if (transition === undefined) return false;
  const { next, actions } = transition;
  if (actions.includes('refuse')) return false;
  if (actions.includes('bind-token')) context.statements.claimMailbox.run(next, token, mailbox.id);
  if (actions.includes('delete')) context.statements.deleteMailbox.run(mailbox.id);
  if (next !== mailbox.state && next !== 'open') note(context, `invite-${next}`, mailbox.group_row);
  return true;
}

function holdsToken({ claim_token }: MailboxRecord, token: Uint8Array): boolean {
  return claim_token !== null && claim_token.length === token.length && timingSafeEqual(claim_token, token);
}

function note(context: Context, event: AuditEvent, group: number): void {
  audit(context, event, context.ledger.group(group)?.prefix ?? null, '');
}
