import { INVITE_LIFETIME_MS_MAX, MAILBOX_PAYLOAD_BYTES_MAX, MAILBOXES_MAX } from '@0k-sync/generated/limits';
import { random } from '@0k-sync/testkit/crypto';
import type { RawClient } from '@0k-sync/testkit/raw';
import { control, expect, expectThat } from '../../expect.ts';
import { fateOf, judgeFate, type Refusal } from '../fate.ts';
import type { RelayActs } from '../scene.ts';
import { cancel, claim, mailboxOf, put, ticket } from './mailboxes.ts';

const USED = { classes: ['invite.used'], staysOpen: true } as const;
const FULL = { classes: ['session.quota'], staysOpen: true } as const;

/** A member's put is refused, and its session goes on. */
async function refusedPut(client: RawClient, mailboxId: Uint8Array, refusal: Refusal): Promise<void> {
  client.send({ $case: 'mailboxPut', value: { mailboxId, payload: random(64), expiresInMs: 1000n } });
  judgeFate(await fateOf(client, refusal, () => client.pull()), refusal);
}

/** Limits of mailboxes. */
export const mailboxLimitActs: RelayActs = {
  'relay/mailbox/id-in-use': {
    title: 'An id in use, by one’s own group or another, is refused, and what is there stays',
    requirements: ['PA-13'],
    run: async (scene) => {
      const [own, other] = [await scene.member(), await scene.member()];
      const payload = random(64);
      const box = await mailboxOf(own.client, payload);
      for (const { client } of [own, other]) await refusedPut(client, box.mailboxId, USED);
      expect('payload', (await claim(await scene.connect(), box)).payload, payload);
    },
  },
  'relay/mailbox/payload-max': {
    title: 'The largest payload is kept as it was put',
    requirements: ['PA-13'],
    run: async (scene) => {
      const payload = random(MAILBOX_PAYLOAD_BYTES_MAX);
      const box = await mailboxOf((await scene.member()).client, payload);
      expect('payload', (await claim(await scene.connect(), box)).payload, payload);
    },
  },
  'relay/mailbox/most': {
    title: 'A group has at most 16 mailboxes; a cancelled one makes room',
    requirements: ['PA-13'],
    run: async (scene) => {
      const [{ client }, other] = [await scene.member(), await scene.member()];
      const first = await mailboxOf(client);
      for (let count = 1; count < MAILBOXES_MAX; count += 1) await mailboxOf(client);
      await refusedPut(client, random(16), FULL);
      await mailboxOf(other.client);
      await cancel(client, first);
      await put(client, first.mailboxId);
    },
  },
  'relay/mailbox/lifetime': {
    title: 'No mailbox lives longer than INVITE_LIFETIME_MS_MAX, whatever was asked',
    requirements: ['PA-13'],
    run: async (scene) => {
      const { client } = await scene.member();
      const now = async () => (await client.ask({ $case: 'ping', value: {} }, 'pong')).serverTimeMs;
      const beforeMs = await now();
      const asked = BigInt(INVITE_LIFETIME_MS_MAX) * 10n;
      const { expiresAtMs } = await put(client, ticket().mailboxId, random(64), asked);
      const maxMs = BigInt(INVITE_LIFETIME_MS_MAX) + (await now()) - beforeMs + 10n;
      const lifetimeMs = expiresAtMs - beforeMs;
      expectThat('lifetime', lifetimeMs <= maxMs, `at most ${maxMs} ms`, `${lifetimeMs} ms`);
    },
  },
  'relay/mailbox/nothing-in-it': {
    title: 'A put without a payload, or for no time, is refused',
    requirements: ['PA-13'],
    run: async (scene) => {
      for (const [payload, expiresInMs] of [
        [new Uint8Array(0), 1000n],
        [random(64), 0n],
      ] as const) {
        const { client } = await scene.member();
        await control('an honest put', () => mailboxOf(client));
        const value = { mailboxId: random(16), payload, expiresInMs };
        const answer = await client.answer(client.send({ $case: 'mailboxPut', value }));
        expectThat('the answer', answer.$case === 'error', 'a refusal', answer.$case);
      }
    },
  },
};
