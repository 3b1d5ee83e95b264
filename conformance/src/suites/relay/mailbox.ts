import { INVITE_LIFETIME_MS_MAX, MAILBOX_PAYLOAD_BYTES_MAX, MAILBOXES_MAX } from '@0k-sync/generated/limits';
import { type MailboxItem, MailboxState } from '@0k-sync/generated/wire/pairing';
import { random } from '../../kit/crypto.ts';
import type { RawClient } from '../../kit/raw-client.ts';
import { within } from '../../kit/waiting.ts';
import { type Scenario, Unproven } from '../../model.ts';
import { inArena } from './arena.ts';
import { fateOf, judge } from './attack.ts';
import { holds, numberOf, same, sameClass } from './checks.ts';
import type { RelayTarget } from './target.ts';

const { MAILBOX_STATE_OPEN, MAILBOX_STATE_CLAIMED, MAILBOX_STATE_CLOSED } = MailboxState;
const USED = { classes: ['invite.used'], connection: 'open' } as const;

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

function acknowledge(client: RawClient, mailboxId: Uint8Array, claimToken: Uint8Array): Promise<MailboxItem> {
  return client.ask({ $case: 'mailboxAck', value: { mailboxId, claimToken } }, 'mailboxItem');
}

/** The Error of a claim that must fail, as text. The relay counts it: a run has few of them. PA-18. */
async function refusedClaim(client: RawClient, mailboxId: Uint8Array, claimToken = random(16)): Promise<string> {
  return refusal(client, { $case: 'mailboxClaim', value: { mailboxId, claimToken } });
}

async function refusal(client: RawClient, request: Parameters<RawClient['send']>[0]): Promise<string> {
  const answer = await client.answer(client.send(request));
  holds('the answer', answer.$case === 'error', 'a refusal', answer.$case);
  const { code, detail, retryAfterMs } = answer.value;
  if (code === numberOf('RATE_LIMITED')) throw limited();
  sameClass('the refusal', code, 'invite.used');
  return `${code} | ${detail} | ${retryAfterMs}`;
}

function limited(): Unproven {
  return new Unproven('the relay limits failed claims of this address: run again in a minute');
}

export const mailboxScenarios: readonly Scenario<RelayTarget>[] = [
  {
    id: 'relay/mailbox/life',
    title: 'A Welcome is put by a member, claimed by a stranger, acknowledged and gone',
    level: 'must',
    requirements: ['PA-13', 'PA-14', 'PA-16', 'PA-30', 'PA-32'],
    requires: [],
    run: inArena(async (arena) => {
      const { client } = await arena.member();
      const [mailboxId, token, payload] = [random(16), random(16), random(1000)];
      const open = await put(client, mailboxId, payload);
      same('state after the put', open.state, MAILBOX_STATE_OPEN);
      same('payload of the answer to the put', open.payload.length, 0);
      const stranger = await arena.connect();
      const claimed = await claim(stranger, mailboxId, token);
      same('state after the claim', claimed.state, MAILBOX_STATE_CLAIMED);
      same('payload', claimed.payload, payload);
      same('expires_at_ms', claimed.expiresAtMs, open.expiresAtMs);
      const closed = await acknowledge(stranger, mailboxId, token);
      same('state after the acknowledgement', closed.state, MAILBOX_STATE_CLOSED);
      same('payload of the last answer', closed.payload.length, 0);
    }),
  },
  {
    id: 'relay/mailbox/claim-again',
    title: 'The same token may repeat its claim, on another connection too, until the acknowledgement',
    level: 'must',
    requirements: ['PA-14', 'PA-31'],
    requires: [],
    run: inArena(async (arena) => {
      const { client } = await arena.member();
      const [mailboxId, token, payload] = [random(16), random(16), random(300)];
      await put(client, mailboxId, payload);
      const [one, other] = [await arena.connect(), await arena.connect()];
      for (const stranger of [one, one, other, one]) {
        same('payload', (await claim(stranger, mailboxId, token)).payload, payload);
      }
      await acknowledge(other, mailboxId, token);
    }),
  },
  {
    id: 'relay/mailbox/acknowledge-again',
    title: 'Repeating the acknowledgement within the session is answered alike',
    level: 'must',
    requirements: ['PA-16'],
    requires: [],
    run: inArena(async (arena) => {
      const { client } = await arena.member();
      const [mailboxId, token] = [random(16), random(16)];
      await put(client, mailboxId);
      const stranger = await arena.connect();
      await claim(stranger, mailboxId, token);
      const first = await acknowledge(stranger, mailboxId, token);
      const second = await acknowledge(stranger, mailboxId, token);
      same('state', second.state, first.state);
      same('expires_at_ms', second.expiresAtMs, first.expiresAtMs);
    }),
  },
  {
    id: 'relay/mailbox/then-hello',
    title: 'Who has claimed may say Hello on the same connection',
    level: 'must',
    requirements: ['SE-72', 'SE-78', 'PA-21'],
    requires: [],
    run: inArena(async (arena) => {
      const { client, device } = await arena.member();
      const [mailboxId, token] = [random(16), random(16)];
      await put(client, mailboxId);
      const joiner = await arena.connect();
      await claim(joiner, mailboxId, token);
      await acknowledge(joiner, mailboxId, token);
      await joiner.ask(arena.helloBody(joiner, device.group.device()), 'helloAck');
      const { records } = await client.ask({ $case: 'listDevices', value: {} }, 'deviceList');
      same('records', records.length, 2);
    }),
  },
  {
    id: 'relay/mailbox/claimed-by-another',
    title: 'A second token gets nothing, and the first one keeps what it has',
    level: 'must',
    requirements: ['PA-14', 'PA-15', 'PA-35'],
    requires: [],
    run: inArena(async (arena) => {
      const { client } = await arena.member();
      const [mailboxId, token, payload] = [random(16), random(16), random(64)];
      await put(client, mailboxId, payload);
      const [first, second] = [await arena.connect(), await arena.connect()];
      await claim(first, mailboxId, token);
      await refusedClaim(second, mailboxId);
      same('payload for the first', (await claim(first, mailboxId, token)).payload, payload);
    }),
  },
  {
    id: 'relay/mailbox/acknowledge-unclaimed',
    title: 'A mailbox that nobody has claimed cannot be acknowledged, and stays',
    level: 'must',
    requirements: ['PA-16', 'PA-37'],
    requires: [],
    run: inArena(async (arena) => {
      const { client } = await arena.member();
      const [claimed, open, token] = [random(16), random(16), random(16)];
      await put(client, claimed);
      await put(client, open);
      const stranger = await arena.connect();
      await claim(stranger, claimed, token);
      await refusal(stranger, { $case: 'mailboxAck', value: { mailboxId: open, claimToken: token } });
      same('state after the claim', (await claim(stranger, open, token)).state, MAILBOX_STATE_CLAIMED);
    }),
  },
  {
    id: 'relay/mailbox/look-alikes',
    title: 'Unknown, used, expired and cancelled mailboxes and a wrong token are refused alike',
    level: 'must',
    requirements: ['PA-15', 'PA-16', 'PA-17', 'PA-33', 'PA-34', 'ER-03'],
    requires: [],
    run: inArena(async (arena) => {
      const { client } = await arena.member();
      const stranger = await arena.connect();
      const [used, cancelled, expired, claimed] = [random(16), random(16), random(16), random(16)];
      const token = random(16);
      const { expiresAtMs } = await put(client, expired, random(64), 200n);
      for (const mailboxId of [used, cancelled, claimed]) await put(client, mailboxId);
      await claim(stranger, used, token);
      await acknowledge(stranger, used, token);
      await client.ask({ $case: 'mailboxCancel', value: { mailboxId: cancelled } }, 'mailboxItem');
      await claim(stranger, claimed, token);
      await untilRelayTime(client, expiresAtMs);
      const other = await arena.connect();
      const unknown = await refusedClaim(other, random(16));
      for (const [what, mailboxId] of Object.entries({ used, cancelled, expired, claimed })) {
        same(`the refusal of one that is ${what}`, await refusedClaim(other, mailboxId), unknown);
      }
      const wrong = { mailboxId: claimed, claimToken: random(16) };
      same('a wrong token', await refusal(stranger, { $case: 'mailboxAck', value: wrong }), unknown);
    }),
  },
  {
    id: 'relay/mailbox/cancel',
    title: 'A member of its group cancels a mailbox, also one that was claimed',
    level: 'must',
    requirements: ['PA-17', 'PA-33'],
    requires: [],
    run: inArena(async (arena) => {
      const { client, device } = await arena.member();
      const sibling = await arena.member(device.group.device());
      const [one, other] = [random(16), random(16)];
      await put(client, one);
      await put(client, other);
      await claim(await arena.connect(), other, random(16));
      for (const mailboxId of [one, other]) {
        const item = await sibling.client.ask({ $case: 'mailboxCancel', value: { mailboxId } }, 'mailboxItem');
        same('state', item.state, MAILBOX_STATE_CLOSED);
        await refusal(sibling.client, { $case: 'mailboxCancel', value: { mailboxId } });
      }
    }),
  },
  {
    id: 'relay/mailbox/cancel-of-others',
    title: 'A member of another group cannot cancel a mailbox, and is told what it would be told of an unknown one',
    level: 'must',
    requirements: ['PA-15', 'PA-17', 'ER-03'],
    requires: [],
    run: inArena(async (arena) => {
      const [{ client }, other] = [await arena.member(), await arena.member()];
      const [mailboxId, payload] = [random(16), random(64)];
      await put(client, mailboxId, payload);
      const foreign = await refusal(other.client, { $case: 'mailboxCancel', value: { mailboxId } });
      const unknown = await refusal(other.client, { $case: 'mailboxCancel', value: { mailboxId: random(16) } });
      same('the refusal', foreign, unknown);
      same('payload', (await claim(await arena.connect(), mailboxId, random(16))).payload, payload);
    }),
  },
  {
    id: 'relay/mailbox/id-in-use',
    title: 'An id in use, by one’s own group or another, is refused, and what is there stays',
    level: 'must',
    requirements: ['PA-13'],
    requires: [],
    run: inArena(async (arena) => {
      const [own, other] = [await arena.member(), await arena.member()];
      const [mailboxId, payload] = [random(16), random(64)];
      await put(own.client, mailboxId, payload);
      for (const { client } of [own, other]) {
        const value = { mailboxId, payload: random(64), expiresInMs: 1000n };
        client.send({ $case: 'mailboxPut', value });
        judge(await fateOf(client, 'open'), USED);
      }
      same('payload', (await claim(await arena.connect(), mailboxId, random(16))).payload, payload);
    }),
  },
  {
    id: 'relay/mailbox/payload-max',
    title: 'The largest payload is kept as it was put',
    level: 'must',
    requirements: ['PA-13'],
    requires: [],
    run: inArena(async (arena) => {
      const { client } = await arena.member();
      const [mailboxId, payload] = [random(16), random(MAILBOX_PAYLOAD_BYTES_MAX)];
      await put(client, mailboxId, payload);
      same('payload', (await claim(await arena.connect(), mailboxId, random(16))).payload, payload);
    }),
  },
  {
    id: 'relay/mailbox/most',
    title: 'A group has at most 16 mailboxes; a cancelled one makes room',
    level: 'must',
    requirements: ['PA-13'],
    requires: [],
    run: inArena(async (arena) => {
      const [{ client }, other] = [await arena.member(), await arena.member()];
      const ids = Array.from({ length: MAILBOXES_MAX }, () => random(16));
      for (const mailboxId of ids) await put(client, mailboxId);
      const value = { mailboxId: random(16), payload: random(64), expiresInMs: 1000n };
      client.send({ $case: 'mailboxPut', value });
      judge(await fateOf(client, 'open'), { classes: ['session.quota'], connection: 'open' });
      await put(other.client, random(16));
      const [mailboxId = random(16)] = ids;
      await client.ask({ $case: 'mailboxCancel', value: { mailboxId } }, 'mailboxItem');
      await put(client, mailboxId);
    }),
  },
  {
    id: 'relay/mailbox/lifetime',
    title: 'No mailbox lives longer than INVITE_LIFETIME_MS_MAX, whatever was asked',
    level: 'must',
    requirements: ['PA-13'],
    requires: [],
    run: inArena(async (arena) => {
      const { client } = await arena.member();
      const { serverTimeMs } = await client.ask({ $case: 'ping', value: {} }, 'pong');
      const value = { mailboxId: random(16), payload: random(64), expiresInMs: BigInt(INVITE_LIFETIME_MS_MAX) * 10n };
      const answer = await client.answer(client.send({ $case: 'mailboxPut', value }));
      if (answer.$case !== 'mailboxItem') return;
      const { serverTimeMs: afterMs } = await client.ask({ $case: 'ping', value: {} }, 'pong');
      const lifetimeMs = answer.value.expiresAtMs - serverTimeMs;
      const maxMs = BigInt(INVITE_LIFETIME_MS_MAX) + (afterMs - serverTimeMs) + 10n;
      holds('lifetime', lifetimeMs <= maxMs, `at most ${maxMs} ms`, `${lifetimeMs} ms`);
    }),
  },
  {
    id: 'relay/mailbox/nothing-in-it',
    title: 'A put without a payload, or for no time, is refused',
    level: 'must',
    requirements: ['PA-13'],
    requires: [],
    run: inArena(async (arena) => {
      for (const value of [
        { mailboxId: random(16), payload: new Uint8Array(0), expiresInMs: 1000n },
        { mailboxId: random(16), payload: random(64), expiresInMs: 0n },
      ]) {
        const { client } = await arena.member();
        const answer = await client.answer(client.send({ $case: 'mailboxPut', value }));
        holds('the answer', answer.$case === 'error', 'a refusal', answer.$case);
      }
    }),
  },
];

/** Waits until the relay's own clock, which Pong tells, has passed a time: it alone decides what has expired. */
async function untilRelayTime(client: RawClient, timeMs: bigint): Promise<void> {
  const passed = async (): Promise<void> => {
    for (;;) {
      const { serverTimeMs } = await client.ask({ $case: 'ping', value: {} }, 'pong');
      if (serverTimeMs > timeMs) return;
    }
  };
  await within(passed(), 'expiry by the clock of the relay');
}
