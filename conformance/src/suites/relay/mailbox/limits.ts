import { INVITE_LIFETIME_MS_MAX, MAILBOX_PAYLOAD_BYTES_MAX, MAILBOXES_MAX } from '@0k-sync/generated/limits';
import { random } from '@0k-sync/testkit/crypto';
import type { Scenario } from '../../../model.ts';
import { inArena } from '../arena.ts';
import { fateOf, judge } from '../attack.ts';
import { control, holds, same } from '../checks.ts';
import type { RelayTarget } from '../target.ts';
import { claim, put } from './mailboxes.ts';

const USED = { classes: ['invite.used'], connection: 'open' } as const;

/** What a mailbox may hold, and how many there may be. */
export const mailboxLimitScenarios: readonly Scenario<RelayTarget>[] = [
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
      const { expiresAtMs } = await client.ask({ $case: 'mailboxPut', value }, 'mailboxItem');
      const { serverTimeMs: afterMs } = await client.ask({ $case: 'ping', value: {} }, 'pong');
      const lifetimeMs = expiresAtMs - serverTimeMs;
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
        await control('an honest put', () => put(client, random(16)));
        const answer = await client.answer(client.send({ $case: 'mailboxPut', value }));
        holds('the answer', answer.$case === 'error', 'a refusal', answer.$case);
      }
    }),
  },
];
