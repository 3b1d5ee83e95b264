import { envelopeCost } from '@0k-sync/core/session';
import { PAGE_BYTES_MAX, PAGE_ITEMS_MAX } from '@0k-sync/generated/limits';
import type { Page } from '@0k-sync/generated/wire/frame';
import { type Device, itemOf } from '@0k-sync/testkit/author';
import { random } from '@0k-sync/testkit/crypto';
import type { RawClient } from '@0k-sync/testkit/raw';
import { expect, expectMembers } from '../../expect.ts';
import { attacks, Encounter } from '../attack.ts';
import type { Member, RelayActs } from '../scene.ts';
import { cursorsOf, range, total } from './reader.ts';

const NOTHING = new Uint8Array(0);
/** A ciphertext of the smallest size. */
const SMALL_BYTES = 272;
/** Envelopes in one Push, small ones and ones of which a frame takes three. */
const SMALL_ITEMS = 200;
const LARGE_ITEMS = 2;

/** Pushes envelopes with these ciphertext lengths. @returns their costs and hashes, in order of cursor */
async function fill({ client, device }: Member, ...ciphertexts: readonly number[]) {
  const sealed = ciphertexts.map((bytes) => device.sized(bytes));
  const step = Math.max(...ciphertexts) > 4000 ? LARGE_ITEMS : SMALL_ITEMS;
  for (let from = 0; from < sealed.length; from += step) {
    await client.push(sealed.slice(from, from + step).map((each) => itemOf(each)));
  }
  return { costs: sealed.map(({ envelope }) => envelopeCost(envelope)), hashes: sealed.map(({ hash }) => hash) };
}

/** A page that holds exactly (after, next], with nothing removed. RL-41. */
function expectPage(what: string, { segment, hasMore }: Page, after: number, next: number, head: number): void {
  expectMembers(what, segment, {
    after: BigInt(after),
    removedThrough: BigInt(after),
    next: BigInt(next),
    head: BigInt(head),
  });
  expect(`${what}: cursors`, cursorsOf(segment), range(after, next - after));
  expect(`${what}: has_more`, hasMore, next < head);
}

const pull = (client: RawClient, after: number, hashAtAfter: Uint8Array) =>
  client.send({ $case: 'pull', value: { after: BigInt(after), hashAtAfter, bytesMax: PAGE_BYTES_MAX } });
const subscribe = (client: RawClient, after: number, hashAtAfter: Uint8Array) =>
  client.subscribe(after, 1000, hashAtAfter);

/** A refusal as rolled back: the session stays, and the honest Pull is answered. */
const ROLLED_BACK = { refusal: 'cursor.regress', staysOpen: true } as const;

const rolledBackActs = attacks({
  'relay/pull/another-log': {
    title: 'A Pull whose hash is not H of the envelope at its cursor is refused as rolled back',
    requirements: ['RL-42'],
    ...ROLLED_BACK,
    act: (client) => pull(client, 1, random(32)),
  },
  'relay/pull/no-hash': {
    title: 'A Pull after a cursor without the hash there is refused as rolled back',
    requirements: ['RL-42'],
    ...ROLLED_BACK,
    act: (client) => pull(client, 1, NOTHING),
  },
  'relay/subscribe/above-head': {
    title: 'A Subscribe above the head is refused as rolled back',
    requirements: ['RL-42'],
    ...ROLLED_BACK,
    act: (client, { attacker }) => subscribe(client, 4, attacker.previous),
  },
});

/** One after the other: each must be refused as rolled back. */
async function allRolledBack(
  encounter: Encounter,
  ...acts: readonly ((client: RawClient, attacker: Device) => unknown)[]
): Promise<RawClient> {
  const client = await encounter.session();
  for (const act of acts) {
    await encounter.attack({ classes: ['cursor.regress'], staysOpen: true }, async () => {
      act(client, encounter.attacker);
      return client;
    });
  }
  return client;
}

/** Pages of a Pull. */
export const pullActs: RelayActs = {
  ...rolledBackActs,
  'relay/pull/above-head': {
    title: 'A Pull above the head, by one or by far, is refused as rolled back',
    requirements: ['RL-42'],
    run: async (scene) => {
      const above = [4, Number.MAX_SAFE_INTEGER];
      const acts = above.map(
        (after) =>
          (client: RawClient, { previous }: Device) =>
            pull(client, after, previous),
      );
      await allRolledBack(await Encounter.begin(scene), ...acts);
    },
  },
  'relay/subscribe/another-log': {
    title: 'A Subscribe to another log is refused as rolled back, and one to this log is served afterwards',
    requirements: ['RL-42', 'RL-44'],
    run: async (scene) => {
      const encounter = await Encounter.begin(scene);
      const client = await allRolledBack(encounter, (attacker) => subscribe(attacker, 1, random(32)));
      expect('the answer', (await client.answer(client.subscribe())).$case, 'deliver');
    },
  },
  'relay/pull/empty': {
    title: 'The page of an empty group is empty and says that there is no more',
    requirements: ['RL-40', 'RL-41'],
    run: async (scene) => expectPage('the page', await (await scene.member()).client.pull(), 0, 0, 0),
  },
  'relay/pull/after': {
    title: 'A Pull after a cursor begins right behind it, at every cursor of the log',
    requirements: ['RL-41', 'RL-42', 'RL-43'],
    run: async (scene) => {
      const member = await scene.member();
      const { hashes } = await fill(member, SMALL_BYTES, 300, 400, 500, SMALL_BYTES);
      expectPage('from the start', await member.client.pull(), 0, 5, 5);
      for (const [index, hash] of hashes.entries()) {
        const after = index + 1;
        expectPage(`after ${after}`, await member.client.pull(after, hash), after, 5, 5);
      }
    },
  },
  'relay/pull/bytes-boundary': {
    title: 'bytes_max of exactly the cost of n envelopes gives n, one byte less gives n − 1',
    requirements: ['RL-40'],
    run: async (scene) => {
      const member = await scene.member();
      const { costs } = await fill(member, SMALL_BYTES, 500, 1000, SMALL_BYTES, 700);
      for (const count of [2, 3, 4, 5]) {
        const bytes = total(costs.slice(0, count));
        const page = (more: number) => member.client.pull(0, NOTHING, bytes + more);
        expectPage(`${count} exactly`, await page(0), 0, count, 5);
        expectPage(`${count} and one byte less`, await page(-1), 0, count - 1, 5);
        expectPage(`${count} and one byte more`, await page(1), 0, count, 5);
      }
    },
  },
  'relay/pull/at-least-one': {
    title: 'A page has at least one envelope when there is one, and no second beside one that exceeds it',
    requirements: ['RL-40'],
    run: async (scene) => {
      const member = await scene.member();
      const { costs, hashes } = await fill(member, 5000, SMALL_BYTES, SMALL_BYTES);
      expectPage('1 byte', await member.client.pull(0, NOTHING, 1), 0, 1, 3);
      expectPage('one byte too few', await member.client.pull(0, NOTHING, (costs[0] ?? 0) - 1), 0, 1, 3);
      expectPage('the last one', await member.client.pull(2, hashes[1], 1), 2, 3, 3);
    },
  },
  'relay/pull/page-bytes-max': {
    title: 'A page has at most PAGE_BYTES_MAX bytes whatever was asked, and exactly as many fit',
    requirements: ['RL-40'],
    run: async (scene) => {
      const member = await scene.member();
      const max = Math.min(PAGE_BYTES_MAX, member.ack.limits?.pageBytesMax ?? PAGE_BYTES_MAX);
      const overhead = envelopeCost(member.device.forge().envelope) - SMALL_BYTES;
      const half = max / 2 - overhead;
      const { costs } = await fill(member, half, half, half, half + 1, SMALL_BYTES);
      expect('the cost of two', total(costs.slice(0, 2)), max);
      expectPage('two exactly', await member.client.pull(0, NOTHING, 0xffff_ffff), 0, 2, 5);
      expectPage('the first', await member.client.pull(0, NOTHING, costs[0]), 0, 1, 5);
    },
  },
  'relay/pull/page-items-max': {
    title: 'A page has at most 1024 envelopes, and has_more is true exactly when one is left',
    requirements: ['RL-40'],
    run: async (scene) => {
      const [member, max] = [await scene.member(), PAGE_ITEMS_MAX];
      const { hashes } = await fill(member, ...Array.from({ length: max }, () => SMALL_BYTES));
      expectPage('a full page', await member.client.pull(), 0, max, max);
      await fill(member, SMALL_BYTES);
      expectPage('a full page and one', await member.client.pull(), 0, max, max + 1);
      expectPage('the one', await member.client.pull(max, hashes.at(-1)), max, max + 1, max + 1);
    },
  },
  'relay/pull/own-envelopes': {
    title: 'A device reads its own envelopes at their cursors like those of others',
    requirements: ['RL-41', 'RL-49'],
    run: async (scene) => {
      const { author: one, reader: other } = await scene.pair();
      for (const { client, device } of [one, other, one]) await client.push(device.items(1));
      expectPage('the page', await one.client.pull(), 0, 3, 3);
      expectPage('the other page', await other.client.pull(), 0, 3, 3);
    },
  },
};
