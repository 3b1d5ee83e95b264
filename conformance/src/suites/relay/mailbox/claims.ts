import { MailboxState } from '@0k-sync/generated/wire/pairing';
import { random } from '@0k-sync/testkit/crypto';
import type { Scenario } from '../../../model.ts';
import { inArena } from '../arena.ts';
import { same } from '../checks.ts';
import type { RelayTarget } from '../target.ts';
import { acknowledge, claim, put, refusal, refusedClaim, untilRelayTime } from './mailboxes.ts';

const { MAILBOX_STATE_OPEN, MAILBOX_STATE_CLAIMED, MAILBOX_STATE_CLOSED } = MailboxState;

/** Who may have what is in a mailbox, and for how long. */
export const mailboxClaimScenarios: readonly Scenario<RelayTarget>[] = [
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
];
