import type { MailboxItem } from '@0k-sync/generated/wire/pairing';
import { random } from '@0k-sync/testkit/crypto';
import type { RawClient } from '@0k-sync/testkit/raw';
import { Failed, Unproven } from '../../../model.ts';
import { expectClass, expectThat, numberOf } from '../../expect.ts';

/** Longer than any scenario, ms. */
const LIFETIME_MS = 600_000n;

/** The id and the token that open a mailbox for one joiner. */
export interface Ticket {
  readonly mailboxId: Uint8Array;
  readonly claimToken: Uint8Array;
}

/** A mailbox that nobody has put yet. */
export function ticket(mailboxId = random(16)): Ticket {
  return { mailboxId, claimToken: random(16) };
}

export function put(client: RawClient, mailboxId: Uint8Array, payload = random(64), expiresInMs = LIFETIME_MS) {
  return client.ask({ $case: 'mailboxPut', value: { mailboxId, payload, expiresInMs } }, 'mailboxItem');
}

/** A mailbox that a member has put. */
export async function mailboxOf(client: RawClient, payload = random(64)): Promise<Ticket> {
  const made = ticket();
  await put(client, made.mailboxId, payload);
  return made;
}

/** A claim that must succeed; unproven when the relay limits claims because too many failed of late. PA-18. */
export async function claim(client: RawClient, { mailboxId, claimToken }: Ticket): Promise<MailboxItem> {
  const answer = await client.answer(client.send({ $case: 'mailboxClaim', value: { mailboxId, claimToken } }));
  if (answer.$case === 'mailboxItem') return answer.value;
  if (answer.$case === 'error' && answer.value.code === numberOf('RATE_LIMITED')) throw limited();
  throw new Failed('a claim that must succeed', 'mailboxItem', answer.$case);
}

export function acknowledge(client: RawClient, { mailboxId, claimToken }: Ticket): Promise<MailboxItem> {
  return client.ask({ $case: 'mailboxAck', value: { mailboxId, claimToken } }, 'mailboxItem');
}

export function cancel(client: RawClient, { mailboxId }: Pick<Ticket, 'mailboxId'>): Promise<MailboxItem> {
  return client.ask({ $case: 'mailboxCancel', value: { mailboxId } }, 'mailboxItem');
}

/** The Error of a claim that must fail, as text. The relay counts it: a run has few of them. PA-18. */
export function refusedClaim(client: RawClient, { mailboxId }: Pick<Ticket, 'mailboxId'>): Promise<string> {
  return refusal(client, { $case: 'mailboxClaim', value: ticket(mailboxId) });
}

/** The Error of a request about a mailbox that must fail, as text. */
export async function refusal(client: RawClient, request: Parameters<RawClient['send']>[0]): Promise<string> {
  const answer = await client.answer(client.send(request));
  expectThat('the answer', answer.$case === 'error', 'a refusal', answer.$case);
  const { code, detail, retryAfterMs } = answer.value;
  if (code === numberOf('RATE_LIMITED')) throw limited();
  expectClass('the refusal', code, 'invite.used');
  return `${code} | ${detail} | ${retryAfterMs}`;
}

function limited(): Unproven {
  return new Unproven('the relay limits failed claims of this address: run again in a minute');
}
