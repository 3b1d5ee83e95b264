import { MailboxState } from '@0k-sync/generated/wire/pairing';
import { random } from '@0k-sync/testkit/crypto';
import { expect, expectMembers } from '../../expect.ts';
import { RelayClock } from '../clock.ts';
import { devicesOf, type RelayActs } from '../scene.ts';
import { acknowledge, cancel, claim, mailboxOf, put, refusal, refusedClaim, ticket } from './mailboxes.ts';

const { MAILBOX_STATE_OPEN, MAILBOX_STATE_CLAIMED, MAILBOX_STATE_CLOSED } = MailboxState;
const NOTHING = new Uint8Array(0);

/** Claims of a mailbox, and their times. */
export const mailboxClaimActs: RelayActs = {
  'relay/mailbox/life': {
    title: 'A Welcome is put by a member, claimed by a stranger, acknowledged and gone',
    requirements: ['PA-13', 'PA-14', 'PA-16', 'PA-30', 'PA-32'],
    run: async (scene) => {
      const { client } = await scene.member();
      const [box, payload] = [ticket(), random(1000)];
      const open = await put(client, box.mailboxId, payload);
      expectMembers('the put', open, { state: MAILBOX_STATE_OPEN, payload: NOTHING });
      const stranger = await scene.connect();
      const { expiresAtMs } = open;
      expectMembers('the claim', await claim(stranger, box), { state: MAILBOX_STATE_CLAIMED, payload, expiresAtMs });
      const closed = { state: MAILBOX_STATE_CLOSED, payload: NOTHING };
      expectMembers('the acknowledgement', await acknowledge(stranger, box), closed);
    },
  },
  'relay/mailbox/claim-again': {
    title: 'The same token may repeat its claim, on another connection too, until the acknowledgement',
    requirements: ['PA-14', 'PA-31'],
    run: async (scene) => {
      const { client } = await scene.member();
      const payload = random(300);
      const box = await mailboxOf(client, payload);
      const [one, other] = [await scene.connect(), await scene.connect()];
      for (const stranger of [one, one, other, one]) expect('payload', (await claim(stranger, box)).payload, payload);
      await acknowledge(other, box);
    },
  },
  'relay/mailbox/acknowledge-again': {
    title: 'Repeating the acknowledgement within the session is answered alike',
    requirements: ['PA-16'],
    run: async (scene) => {
      const box = await mailboxOf((await scene.member()).client);
      const stranger = await scene.connect();
      await claim(stranger, box);
      const { state, expiresAtMs } = await acknowledge(stranger, box);
      expectMembers('the second answer', await acknowledge(stranger, box), { state, expiresAtMs });
    },
  },
  'relay/mailbox/then-hello': {
    title: 'Who has claimed may say Hello on the same connection',
    requirements: ['SE-72', 'SE-78', 'PA-21'],
    run: async (scene) => {
      const { client, device } = await scene.member();
      const box = await mailboxOf(client);
      const joiner = await scene.connect();
      await claim(joiner, box);
      await acknowledge(joiner, box);
      await joiner.ask(scene.helloBody(joiner, device.group.device()), 'helloAck');
      expect('records', (await devicesOf(client)).records.length, 2);
    },
  },
  'relay/mailbox/claimed-by-another': {
    title: 'A second token gets nothing, and the first one keeps what it has',
    requirements: ['PA-14', 'PA-15', 'PA-35'],
    run: async (scene) => {
      const payload = random(64);
      const box = await mailboxOf((await scene.member()).client, payload);
      const [first, second] = [await scene.connect(), await scene.connect()];
      await claim(first, box);
      await refusedClaim(second, box);
      expect('payload for the first', (await claim(first, box)).payload, payload);
    },
  },
  'relay/mailbox/acknowledge-unclaimed': {
    title: 'A mailbox that nobody has claimed cannot be acknowledged, and stays',
    requirements: ['PA-16', 'PA-37'],
    run: async (scene) => {
      const { client } = await scene.member();
      const [claimed, open] = [await mailboxOf(client), await mailboxOf(client)];
      const stranger = await scene.connect();
      await claim(stranger, claimed);
      await refusal(stranger, { $case: 'mailboxAck', value: open });
      expect('state after the claim', (await claim(stranger, open)).state, MAILBOX_STATE_CLAIMED);
    },
  },
  'relay/mailbox/look-alikes': {
    title: 'Unknown, used, expired and cancelled mailboxes and a wrong token are refused alike',
    requirements: ['PA-15', 'PA-16', 'PA-17', 'PA-33', 'PA-34', 'ER-03'],
    run: async (scene) => {
      const { client } = await scene.member();
      const stranger = await scene.connect();
      const expired = ticket();
      const { expiresAtMs } = await put(client, expired.mailboxId, random(64), 200n);
      const [used, cancelled, claimed] = [await mailboxOf(client), await mailboxOf(client), await mailboxOf(client)];
      await claim(stranger, used);
      await acknowledge(stranger, used);
      await cancel(client, cancelled);
      await claim(stranger, claimed);
      await new RelayClock(scene).passes(Number(expiresAtMs));
      const other = await scene.connect();
      const unknown = await refusedClaim(other, ticket());
      for (const [what, box] of Object.entries({ used, cancelled, expired, claimed })) {
        expect(`the refusal of one that is ${what}`, await refusedClaim(other, box), unknown);
      }
      const wrong = await refusal(stranger, { $case: 'mailboxAck', value: ticket(claimed.mailboxId) });
      expect('a wrong token', wrong, unknown);
    },
  },
  'relay/mailbox/cancel': {
    title: 'A member of its group cancels a mailbox, also one that was claimed',
    requirements: ['PA-17', 'PA-33'],
    run: async (scene) => {
      const { author, reader } = await scene.pair();
      const [one, other] = [await mailboxOf(author.client), await mailboxOf(author.client)];
      await claim(await scene.connect(), other);
      for (const { mailboxId } of [one, other]) {
        expect('state', (await cancel(reader.client, { mailboxId })).state, MAILBOX_STATE_CLOSED);
        await refusal(reader.client, { $case: 'mailboxCancel', value: { mailboxId } });
      }
    },
  },
  'relay/mailbox/cancel-of-others': {
    title: 'A member of another group cannot cancel a mailbox, and is told what it would be told of an unknown one',
    requirements: ['PA-15', 'PA-17', 'ER-03'],
    run: async (scene) => {
      const [{ client }, other] = [await scene.member(), await scene.member()];
      const payload = random(64);
      const box = await mailboxOf(client, payload);
      const cancelled = ({ mailboxId } = ticket()) =>
        refusal(other.client, { $case: 'mailboxCancel', value: { mailboxId } });
      expect('the refusal', await cancelled(box), await cancelled());
      expect('payload', (await claim(await scene.connect(), box)).payload, payload);
    },
  },
};
