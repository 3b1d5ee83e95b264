import type { MailboxItem } from '@0k-sync/generated/wire/pairing';
import { random } from '@0k-sync/testkit/crypto';
import type { RawClient } from '@0k-sync/testkit/raw';
import { within } from '@0k-sync/testkit/time';
import { Unproven } from '../../../model.ts';
import { holds, numberOf, sameClass } from '../checks.ts';

export function put(client: RawClient, mailboxId: Uint8Array, payload = random(64), expiresInMs = 60_000n) {
  return client.ask({ $case: 'mailboxPut', value: { mailboxId, payload, expiresInMs } }, 'mailboxItem');
}

/** A claim that must succeed; unproven when the relay limits claims because too many failed of late. PA-18. */
export async function claim(client: RawClient, mailboxId: Uint8Array, claimToken: Uint8Array): Promise<MailboxItem> {
  const answer = await client.answer(client.send({ $case: 'mailboxClaim', value: { mailboxId, claimToken } }));
  if (answer.$case === 'mailboxItem') return answer.value;
  if (answer.$case === 'error' && answer.value.code === numberOf('RATE_LIMITED')) throw limited();
  throw new Error(`a claim that must succeed is answered by ${answer.$case}`);
}

export function acknowledge(client: RawClient, mailboxId: Uint8Array, claimToken: Uint8Array): Promise<MailboxItem> {
  return client.ask({ $case: 'mailboxAck', value: { mailboxId, claimToken } }, 'mailboxItem');
}

/** The Error of a claim that must fail, as text. The relay counts it: a run has few of them. PA-18. */
export async function refusedClaim(client: RawClient, mailboxId: Uint8Array, claimToken = random(16)): Promise<string> {
  return refusal(client, { $case: 'mailboxClaim', value: { mailboxId, claimToken } });
}

export async function refusal(client: RawClient, request: Parameters<RawClient['send']>[0]): Promise<string> {
  const answer = await client.answer(client.send(request));
  holds('the answer', answer.$case === 'error', 'a refusal', answer.$case);
  const { code, detail, retryAfterMs } = answer.value;
  if (code === numberOf('RATE_LIMITED')) throw limited();
  sameClass('the refusal', code, 'invite.used');
  return `${code} | ${detail} | ${retryAfterMs}`;
}

export function limited(): Unproven {
  return new Unproven('the relay limits failed claims of this address: run again in a minute');
}

/** Waits until the relay's own clock, which Pong tells, has passed a time: it alone decides what has expired. */
export async function untilRelayTime(client: RawClient, timeMs: bigint): Promise<void> {
  const passed = async (): Promise<void> => {
    for (;;) {
      const { serverTimeMs } = await client.ask({ $case: 'ping', value: {} }, 'pong');
      if (serverTimeMs > timeMs) return;
    }
  };
  await within(passed(), 'expiry by the clock of the relay');
}
