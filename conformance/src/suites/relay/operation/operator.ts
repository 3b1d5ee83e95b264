import { Buffer } from 'node:buffer';
import { envelopeCost } from '@0k-sync/core/session';
import { CIPHERTEXT_BYTES_MIN } from '@0k-sync/generated/limits';
import { PushStatus } from '@0k-sync/generated/wire/frame';
import { Group, itemOf } from '@0k-sync/testkit/author';
import { random } from '@0k-sync/testkit/crypto';
import { filesOf, findLeaks } from '../../../leak/search.ts';
import { type Scenario, Unproven } from '../../../model.ts';
import { type Arena, inArena } from '../arena.ts';
import { fateOf, judge, leave } from '../attack.ts';
import { control, holds, numberOf, same, sameClass } from '../checks.ts';
import { claim, put } from '../mailbox/mailboxes.ts';
import { arenaOn, untilExpired } from '../relays.ts';
import type { RelayTarget } from '../target.ts';

const UNAUTHORIZED = { classes: ['session.unauthorized'], connection: 'closed' } as const;
const FAILED_CLAIMS_MAX = 2000;
/** Creation by token; its log and files are searched for it. */
const TOKEN = Buffer.from(random(24)).toString('hex');
const BY_TOKEN = { creation: 'token', access_token: TOKEN };
/** What a database writes in one piece, of the ciphertexts that a relay must have in its files. */
const STORED_BYTES = 32;
const GROUP_BYTES_MAX = 100_000;
const QUOTAS = { group_envelopes_max: 5, group_bytes_max: GROUP_BYTES_MAX };
const EXPIRY = { expire_ms: 1000 };

async function refusedWith(inner: Arena, group: Group, accessToken: string): Promise<void> {
  const client = await inner.connect();
  client.send(client.helloBody(group.device(), { accessToken }));
  judge(await fateOf(client, 'closed'), UNAUTHORIZED);
}

export const operatorScenarios: readonly Scenario<RelayTarget>[] = [
  {
    id: 'relay/operator/token',
    title: 'With creation by token only who names it creates a group; later devices need none',
    level: 'must',
    requirements: ['SE-13'],
    requires: ['relay'],
    run: inArena(async (arena) => {
      const { inner } = await arenaOn(arena, BY_TOKEN);
      const { device } = await inner.member();
      for (const wrong of ['', 'x'.repeat(TOKEN.length), TOKEN.slice(0, -1), `${TOKEN}x`]) {
        await refusedWith(inner, new Group(), wrong);
      }
      const sibling = await inner.connect();
      await sibling.hello(device.group.device());
      await inner.member();
    }),
  },
  {
    id: 'relay/operator/closed',
    title: 'A relay whose creation is closed creates no group, and tells a creator what it tells a stranger',
    level: 'must',
    requirements: ['SE-13', 'SE-14'],
    requires: ['relay'],
    run: inArena(async (arena) => {
      await control('group creation where it is open', () => arena.member());
      const { inner } = await arenaOn(arena, { creation: 'closed' });
      await refusedWith(inner, new Group(), '');
      await refusedWith(inner, new Group(), 'x'.repeat(32));
      const pinging = await inner.connect();
      await pinging.ping();
    }),
  },
  {
    id: 'relay/operator/quota-envelopes',
    title: 'A group holds exactly as many envelopes as configured; one more is refused, and repeats still answered',
    level: 'must',
    requirements: ['RL-20', 'RL-28'],
    requires: ['relay'],
    run: inArena(async (arena) => {
      const { inner } = await arenaOn(arena, QUOTAS);
      const { client, device } = await inner.member();
      const items = device.items(5);
      const { results } = await client.push([...items, itemOf(device.forge())]);
      same('results', results.length, 6);
      same('status of the fifth', results[4]?.status, PushStatus.PUSH_STATUS_ACCEPTED);
      same('status of the sixth', results[5]?.status, PushStatus.PUSH_STATUS_REFUSED);
      sameClass('the refusal', results[5]?.error?.code, 'session.quota');
      const again = await client.push(items.slice(0, 1));
      same('status of a repeat', again.results[0]?.status, PushStatus.PUSH_STATUS_DUPLICATE);
      same('head', (await client.pull()).segment?.head, 5n);
      const other = await inner.member();
      await other.client.push(other.device.items(5));
    }),
  },
  {
    id: 'relay/operator/quota-bytes',
    title: 'A group holds exactly as many bytes as configured; one more is refused',
    level: 'must',
    requirements: ['RL-28'],
    requires: ['relay'],
    run: inArena(async (arena) => {
      const { inner } = await arenaOn(arena, QUOTAS);
      const half = GROUP_BYTES_MAX / 2 - (envelopeCost(new Group().device().forge().envelope) - CIPHERTEXT_BYTES_MIN);
      const full = await inner.member();
      const over = await full.client.push(
        [full.device.sized(half), full.device.sized(half + 1)].map((each) => itemOf(each)),
      );
      same('status of the first', over.results[0]?.status, PushStatus.PUSH_STATUS_ACCEPTED);
      same('status of one byte too many', over.results[1]?.status, PushStatus.PUSH_STATUS_REFUSED);
      sameClass('the refusal', over.results[1]?.error?.code, 'session.quota');
      const exact = await inner.member();
      const fits = await exact.client.push(
        [exact.device.sized(half), exact.device.sized(half)].map((each) => itemOf(each)),
      );
      same('status of what fits exactly', fits.results[1]?.status, PushStatus.PUSH_STATUS_ACCEPTED);
    }),
  },
  {
    id: 'relay/operator/expiry',
    title: 'What has expired is served no more, cursors stay accounted for, heads and cursors outlive it',
    level: 'must',
    requirements: ['RL-26', 'RL-41', 'RL-47', 'RL-50', 'RL-51', 'RL-68'],
    requires: ['relay'],
    run: inArena(async (arena) => {
      const { inner, relay } = await arenaOn(arena, EXPIRY);
      const { client, device } = await inner.member();
      const items = device.items(3);
      await client.push(items);
      await untilExpired(client, 3);
      const { segment } = await client.pull();
      same('envelopes', segment?.envelopes.length, 0);
      same('removed_through', segment?.removedThrough, 3n);
      same('next', segment?.next, 3n);
      same('head', segment?.head, 3n);
      await relay.gc();
      const { results } = await client.push(items);
      same(
        'statuses of repeats',
        results.map(({ status }) => status),
        items.map(() => PushStatus.PUSH_STATUS_REMOVED),
      );
      const forked = await client.push([itemOf(device.forge({ sequence: 3 }))]);
      sameClass("another H for the head's sequence", forked.results[0]?.error?.code, 'envelope.chain');
      const again = await inner.member(device);
      same('floor', again.ack.floor, 3n);
      same('own_sequence', again.ack.ownSequence, 3n);
      const next = await again.client.push(device.items(1));
      same('the next cursor', next.results[0]?.cursor, 4n);
      const page = await again.client.pull();
      same('removed_through, with one behind', page.segment?.removedThrough, 3n);
      same(
        'cursors',
        page.segment?.envelopes.map(({ cursor }) => cursor),
        [4n],
      );
    }),
  },
  {
    id: 'relay/operator/failed-claims',
    title: 'Failed claims of one address are limited',
    level: 'must',
    requirements: ['PA-18', 'RL-62'],
    requires: ['relay'],
    run: inArena(async (arena) => {
      const { inner } = await arenaOn(arena, {}, 'others');
      const { client } = await inner.member();
      const mailboxId = random(16);
      await put(client, mailboxId);
      const stranger = await inner.connect();
      await control('an honest claim', () => claim(stranger, mailboxId, random(16)));
      for (let tries = 1; tries <= FAILED_CLAIMS_MAX; tries += 1) {
        const value = { mailboxId: random(16), claimToken: random(16) };
        const answer = await stranger.answer(stranger.send({ $case: 'mailboxClaim', value }));
        if (answer.$case === 'error' && answer.value.code === numberOf('RATE_LIMITED')) return;
      }
      holds('failed claims', false, 'a limit', `${FAILED_CLAIMS_MAX} and none`);
    }),
  },
  {
    id: 'relay/operator/no-secret-is-kept',
    title: 'No content, no secret and no token is in the files or the log of the relay, and no full id in its log',
    level: 'must',
    requirements: ['RL-65', 'ER-04', 'SC-23'],
    requires: ['relay'],
    run: inArena(async (arena) => {
      const wrongToken = Buffer.from(random(24)).toString('hex');
      const { inner, relay } = await arenaOn(arena, { ...BY_TOKEN, log_level: 'debug' });
      const text = Buffer.from(random(24)).toString('hex');
      const { client, device } = await inner.member();
      const items = device.items(3, text);
      await client.push(items);
      await refusedWith(inner, new Group(), wrongToken);
      const [mailboxId, claimToken] = [random(16), random(16)];
      await put(client, mailboxId);
      await claim(await inner.connect(), mailboxId, claimToken);
      await leave(client);
      const secrets = [
        { name: 'content', secret: Buffer.from(text) },
        { name: 'epoch secret', secret: device.group.epoch.exportSecret() },
        { name: 'device seed', secret: device.seed },
        { name: 'access token of a refused Hello', secret: Buffer.from(wrongToken) },
      ];
      const told = [
        { name: 'access token', secret: Buffer.from(TOKEN) },
        { name: 'group id', secret: device.group.id },
        { name: 'device key', secret: device.keys.deviceKey },
        { name: 'claim token', secret: claimToken },
      ];
      const log = { name: 'log', content: arena.target.adapter?.wholeStderr ?? new Uint8Array(0) };
      const files = filesOf(relay.directory);
      const stored = items.map(({ envelope }) => ({
        name: 'ciphertext',
        secret: envelope?.ciphertext.slice(0, STORED_BYTES) ?? new Uint8Array(0),
      }));
      if (!stored.every((each) => findLeaks(files, [each]).length > 0))
        throw new Unproven(
          'the files of the relay do not show what it stored: nothing can be said of what else is in them',
        );
      if (log.content.length === 0)
        throw new Unproven('the log of the relay is empty: nothing can be said of what is not in it');
      const leaks = [...findLeaks([...files, log], secrets), ...findLeaks([log], told)];
      same(
        'leaks',
        leaks.map(({ canary, place, form }) => `${canary} in ${place} as ${form}`),
        [],
      );
    }),
  },
];
