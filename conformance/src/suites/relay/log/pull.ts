import { envelopeCost } from '@0k-sync/core/session';
import { PAGE_BYTES_MAX, PAGE_ITEMS_MAX } from '@0k-sync/generated/limits';
import type { Page } from '@0k-sync/generated/wire/frame';
import { type Device, itemOf } from '@0k-sync/testkit/author';
import { random } from '@0k-sync/testkit/crypto';
import type { RawClient } from '@0k-sync/testkit/raw';
import type { Scenario } from '../../../model.ts';
import { inArena, type Member } from '../arena.ts';
import { attack, Stage } from '../attack.ts';
import { same } from '../checks.ts';
import type { RelayTarget } from '../target.ts';

const NOTHING = new Uint8Array(0);

/** Pushes envelopes with these ciphertext lengths. @returns their costs and hashes, in order of cursor */
async function fill({ client, device }: Member, ...ciphertexts: readonly number[]) {
  const sealed = ciphertexts.map((bytes) => device.sized(bytes));
  for (let index = 0; index < sealed.length; index += 200) {
    // A frame takes three of the largest.
    const step = ciphertexts.some((bytes) => bytes > 4000) ? 2 : 200;
    for (let from = index; from < Math.min(index + 200, sealed.length); from += step) {
      await client.push(sealed.slice(from, Math.min(from + step, index + 200)).map((each) => itemOf(each)));
    }
  }
  return { costs: sealed.map(({ envelope }) => envelopeCost(envelope)), hashes: sealed.map(({ hash }) => hash) };
}

/** A page that holds exactly (after, next], with nothing removed. RL-41. */
function samePage(what: string, { segment, hasMore }: Page, after: number, next: number, head: number): void {
  const cursors = segment?.envelopes.map(({ cursor }) => Number(cursor)) ?? [];
  same(`${what}: after`, segment?.after, BigInt(after));
  same(`${what}: removed_through`, segment?.removedThrough, BigInt(after));
  same(
    `${what}: cursors`,
    cursors,
    Array.from({ length: next - after }, (_, index) => after + index + 1),
  );
  same(`${what}: next`, segment?.next, BigInt(next));
  same(`${what}: head`, segment?.head, BigInt(head));
  same(`${what}: has_more`, hasMore, next < head);
}

function sum(costs: readonly number[], count: number): number {
  return costs.slice(0, count).reduce((total, cost) => total + cost, 0);
}

/** A refusal as rolled back: the session stays, and the honest Pull is answered. */
function rolledBack(act: (client: RawClient, device: Device) => void): (target: RelayTarget) => Promise<void> {
  return inArena(async (arena) => {
    const stage = await Stage.set(arena);
    await attack(stage, { classes: ['cursor.regress'], connection: 'open' }, async () => {
      const client = await stage.session();
      act(client, stage.attacker);
      return client;
    });
  });
}

const pull = (after: number, hashAtAfter: Uint8Array, bytesMax = PAGE_BYTES_MAX) =>
  ({ $case: 'pull', value: { after: BigInt(after), hashAtAfter, bytesMax } }) as const;
const subscribe = (after: number, hashAtAfter: Uint8Array) =>
  ({ $case: 'subscribe', value: { after: BigInt(after), hashAtAfter, creditBytes: 1000 } }) as const;

export const pullScenarios: readonly Scenario<RelayTarget>[] = [
  {
    id: 'relay/pull/empty',
    title: 'The page of an empty group is empty and says that there is no more',
    level: 'must',
    requirements: ['RL-40', 'RL-41'],
    requires: [],
    run: inArena(async (arena) => {
      const { client } = await arena.member();
      samePage('the page', await client.pull(), 0, 0, 0);
    }),
  },
  {
    id: 'relay/pull/after',
    title: 'A Pull after a cursor begins right behind it, at every cursor of the log',
    level: 'must',
    requirements: ['RL-41', 'RL-42', 'RL-43'],
    requires: [],
    run: inArena(async (arena) => {
      const member = await arena.member();
      const { hashes } = await fill(member, 272, 300, 400, 500, 272);
      samePage('from the start', await member.client.pull(), 0, 5, 5);
      for (const [index, hash] of hashes.entries()) {
        const after = index + 1;
        samePage(`after ${after}`, await member.client.pull(after, hash), after, 5, 5);
      }
    }),
  },
  {
    id: 'relay/pull/bytes-boundary',
    title: 'bytes_max of exactly the cost of n envelopes gives n, one byte less gives n − 1',
    level: 'must',
    requirements: ['RL-40'],
    requires: [],
    run: inArena(async (arena) => {
      const member = await arena.member();
      const { costs } = await fill(member, 272, 500, 1000, 272, 700);
      for (const count of [2, 3, 4, 5]) {
        const bytes = sum(costs, count);
        samePage(`${count} exactly`, await member.client.pull(0, NOTHING, bytes), 0, count, 5);
        samePage(`${count} and one byte less`, await member.client.pull(0, NOTHING, bytes - 1), 0, count - 1, 5);
        samePage(`${count} and one byte more`, await member.client.pull(0, NOTHING, bytes + 1), 0, count, 5);
      }
    }),
  },
  {
    id: 'relay/pull/at-least-one',
    title: 'A page has at least one envelope when there is one, and no second beside one that exceeds it',
    level: 'must',
    requirements: ['RL-40'],
    requires: [],
    run: inArena(async (arena) => {
      const member = await arena.member();
      const { costs, hashes } = await fill(member, 5000, 272, 272);
      samePage('1 byte', await member.client.pull(0, NOTHING, 1), 0, 1, 3);
      samePage('one byte too few', await member.client.pull(0, NOTHING, sum(costs, 1) - 1), 0, 1, 3);
      samePage('the last one', await member.client.pull(2, hashes[1], 1), 2, 3, 3);
    }),
  },
  {
    id: 'relay/pull/page-bytes-max',
    title: 'A page has at most PAGE_BYTES_MAX bytes whatever was asked, and exactly as many fit',
    level: 'must',
    requirements: ['RL-40'],
    requires: [],
    run: inArena(async (arena) => {
      const member = await arena.member();
      const max = Math.min(PAGE_BYTES_MAX, member.ack.limits?.pageBytesMax ?? PAGE_BYTES_MAX);
      const overhead = envelopeCost(member.device.forge().envelope) - 272;
      const half = max / 2 - overhead;
      const { costs } = await fill(member, half, half, half, half + 1, 272);
      same('the cost of two', sum(costs, 2), max);
      const everything = 0xffff_ffff;
      samePage('two exactly', await member.client.pull(0, NOTHING, everything), 0, 2, 5);
      const second = await member.client.pull(0, NOTHING, sum(costs, 1));
      samePage('the first', second, 0, 1, 5);
    }),
  },
  {
    id: 'relay/pull/page-items-max',
    title: 'A page has at most 1024 envelopes, and has_more is true exactly when one is left',
    level: 'must',
    requirements: ['RL-40'],
    requires: [],
    run: inArena(async (arena) => {
      const member = await arena.member();
      const { hashes } = await fill(member, ...Array.from({ length: PAGE_ITEMS_MAX }, () => 272));
      samePage('a full page', await member.client.pull(), 0, PAGE_ITEMS_MAX, PAGE_ITEMS_MAX);
      await fill(member, 272);
      samePage('a full page and one', await member.client.pull(), 0, PAGE_ITEMS_MAX, PAGE_ITEMS_MAX + 1);
      const rest = await member.client.pull(PAGE_ITEMS_MAX, hashes.at(-1));
      samePage('the one', rest, PAGE_ITEMS_MAX, PAGE_ITEMS_MAX + 1, PAGE_ITEMS_MAX + 1);
    }),
  },
  {
    id: 'relay/pull/own-envelopes',
    title: 'A device reads its own envelopes at their cursors like those of others',
    level: 'must',
    requirements: ['RL-41', 'RL-49'],
    requires: [],
    run: inArena(async (arena) => {
      const one = await arena.member();
      const other = await arena.member(one.device.group.device());
      await one.client.push(one.device.items(1));
      await other.client.push(other.device.items(1));
      await one.client.push(one.device.items(1));
      samePage('the page', await one.client.pull(), 0, 3, 3);
      samePage('the other page', await other.client.pull(), 0, 3, 3);
    }),
  },
  {
    id: 'relay/pull/another-log',
    title: 'A Pull whose hash is not H of the envelope at its cursor is refused as rolled back',
    level: 'must',
    requirements: ['RL-42'],
    requires: [],
    run: rolledBack((client) => void client.send(pull(1, random(32)))),
  },
  {
    id: 'relay/pull/no-hash',
    title: 'A Pull after a cursor without the hash there is refused as rolled back',
    level: 'must',
    requirements: ['RL-42'],
    requires: [],
    run: rolledBack((client) => void client.send(pull(1, NOTHING))),
  },
  {
    id: 'relay/pull/above-head',
    title: 'A Pull above the head, by one or by far, is refused as rolled back',
    level: 'must',
    requirements: ['RL-42'],
    requires: [],
    run: async (target) => {
      await rolledBack((client, device) => void client.send(pull(4, device.previous)))(target);
      await rolledBack((client, device) => void client.send(pull(Number.MAX_SAFE_INTEGER, device.previous)))(target);
    },
  },
  {
    id: 'relay/subscribe/another-log',
    title: 'A Subscribe to another log is refused as rolled back, and one to this log is served afterwards',
    level: 'must',
    requirements: ['RL-42', 'RL-44'],
    requires: [],
    run: inArena(async (arena) => {
      const stage = await Stage.set(arena);
      const client = await stage.session();
      await attack(stage, { classes: ['cursor.regress'], connection: 'open' }, async () => {
        client.send(subscribe(1, random(32)));
        return client;
      });
      const request = client.subscribe();
      same('the answer', (await client.answer(request)).$case, 'deliver');
    }),
  },
  {
    id: 'relay/subscribe/above-head',
    title: 'A Subscribe above the head is refused as rolled back',
    level: 'must',
    requirements: ['RL-42'],
    requires: [],
    run: rolledBack((client, device) => void client.send(subscribe(4, device.previous))),
  },
];
