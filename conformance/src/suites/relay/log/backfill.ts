import type { SealedEnvelope } from '@0k-sync/core/envelope';
import { HOLES_MAX } from '@0k-sync/generated/limits';
import type { PushItem } from '@0k-sync/generated/wire/frame';
import { itemOf, placeOf } from '@0k-sync/testkit/author';
import { random } from '@0k-sync/testkit/crypto';
import { expect, expectClass, expectMembers, expectThat } from '../../expect.ts';
import { openScene, untilExpired } from '../relays.ts';
import type { Member, RelayActs } from '../scene.ts';
import { ACCEPTED, DUPLICATE, expectAccepted, pushOne, REFUSED, REMOVED, statusesOf } from './pushing.ts';

const EXPIRY = { expire_ms: 1000 };

/** The first envelopes of a member's chain, none of which is pushed yet. */
function chainOf({ device }: Member, count: number): readonly SealedEnvelope[] {
  return Array.from({ length: count }, () => device.seal());
}

/** The items of some sequences, in that order. */
function itemsOf(chain: readonly SealedEnvelope[], ...sequences: readonly number[]): readonly PushItem[] {
  return sequences.flatMap((sequence) => chain.slice(sequence - 1, sequence).map((sealed) => itemOf(sealed)));
}

/** Pushes items that are stored, from this cursor on. */
async function expectStored({ client }: Member, items: readonly PushItem[], cursor: number): Promise<void> {
  const { results } = await client.push(items);
  const places = results.map((result) => [result.status, Number(result.cursor)]);
  expect(
    'statuses and cursors',
    places,
    items.map((_, index) => [ACCEPTED, cursor + index]),
  );
}

/** Pushes items of which the first is refused because nothing vouches for it. */
async function expectBroken({ client }: Member, items: readonly PushItem[]): Promise<void> {
  const { results } = await client.push(items);
  expect('statuses', statusesOf(results), [REFUSED]);
  expectClass('the refusal', results[0]?.error?.code, 'envelope.chain');
}

/** Backfill: what a relay does with places below a head that it has never had. */
export const backfillActs: RelayActs = {
  'relay/backfill/upwards': {
    title:
      'Sequence 3 first: 1 alone is refused, 1 and 2 together are stored in that order, and the chain goes on behind 3',
    requirements: ['RL-26', 'RL-32'],
    run: async (scene) => {
      const member = await scene.member();
      const chain = chainOf(member, 4);
      await expectStored(member, itemsOf(chain, 3), 1);
      await expectBroken(member, itemsOf(chain, 1));
      await expectStored(member, itemsOf(chain, 1, 2), 2);
      const { results } = await member.client.push(itemsOf(chain, 1, 2, 3));
      expect('statuses of repeats', statusesOf(results), [DUPLICATE, DUPLICATE, DUPLICATE]);
      await expectStored(member, itemsOf(chain, 4), 4);
      expect('head', (await member.client.pull()).segment?.head, 4n);
    },
  },
  'relay/backfill/downwards': {
    title: 'A hole is filled from above, one by one within a Push and with runs over several Pushes',
    requirements: ['RL-32', 'RL-33'],
    run: async (scene) => {
      const member = await scene.member();
      const chain = chainOf(member, 9);
      await expectStored(member, itemsOf(chain, 8), 1);
      await expectStored(member, itemsOf(chain, 7, 6), 2);
      await expectStored(member, itemsOf(chain, 3, 4, 5), 4);
      await expectStored(member, itemsOf(chain, 9, 2, 1), 7);
    },
  },
  'relay/backfill/own-head': {
    title: 'Backfill leaves the head: a new session is told the same one, and the next envelope continues it',
    requirements: ['RL-24', 'RL-32', 'SE-15'],
    run: async (scene) => {
      const member = await scene.member();
      const chain = chainOf(member, 3);
      await expectStored(member, itemsOf(chain, 3), 1);
      await expectStored(member, itemsOf(chain, 2), 2);
      const again = await scene.member(member.device);
      expect('head', again.ack.head, 2n);
      expectMembers('own_head', placeOf(again.ack.ownHead), { sequence: 3, hash: chain[2]?.hash });
      expectAccepted('the next', await pushOne(again.client, itemOf(member.device.seal())), 3);
    },
  },
  'relay/backfill/does-not-reach': {
    title: 'A run whose last item is not below the envelope above the hole is refused whole, at its first item',
    requirements: ['RL-20', 'RL-32'],
    run: async (scene) => {
      const member = await scene.member();
      const chain = chainOf(member, 6);
      await expectStored(member, itemsOf(chain, 6), 1);
      await expectBroken(member, itemsOf(chain, 2, 3, 4));
      await expectBroken(member, itemsOf(chain, 3, 5));
      const { segment } = await member.client.pull();
      expect('head', segment?.head, 1n);
      await expectStored(member, itemsOf(chain, 4, 5, 3), 2);
    },
  },
  'relay/backfill/another-hash': {
    title: 'A place in a hole is refused to an envelope with another H than the one above names',
    requirements: ['RL-26', 'RL-32'],
    run: async (scene) => {
      const member = await scene.member();
      const { device } = member;
      const chain = chainOf(member, 3);
      await expectStored(member, itemsOf(chain, 3), 1);
      const forged = device.forge({ sequence: 2, previous: chain[0]?.hash ?? random(32) });
      await expectBroken(member, [itemOf(forged)]);
      await expectBroken(member, [...itemsOf(chain, 1), itemOf(forged)]);
      await expectStored(member, itemsOf(chain, 2), 2);
    },
  },
  'relay/backfill/skipped': {
    title: 'What `skip` jumped over is a hole, in which the flag means nothing',
    requirements: ['RL-24', 'RL-26', 'RL-32'],
    run: async (scene) => {
      const member = await scene.member();
      const chain = chainOf(member, 6);
      const flagged = (sequence: number) => itemsOf(chain, sequence).map((item) => ({ ...item, skip: true }));
      await expectStored(member, [...itemsOf(chain, 1, 2), ...flagged(5)], 1);
      await expectBroken(member, flagged(3));
      await expectStored(member, flagged(4), 4);
      await expectStored(member, itemsOf(chain, 6, 3), 5);
    },
  },
  'relay/backfill/many-holes': {
    title: 'However many holes a sender leaves, a place that was never stored is not acknowledged',
    requirements: ['RL-26', 'RL-34'],
    run: async (scene) => {
      const member = await scene.member();
      const count = HOLES_MAX + 3;
      const chain = chainOf(member, 2 * count);
      const even = Array.from({ length: count }, (_, index) => 2 * index + 2);
      await expectStored(
        member,
        itemsOf(chain, ...even).map((item) => ({ ...item, skip: true })),
        1,
      );
      await expectStored(member, itemsOf(chain, 2 * count - 1), count + 1);
      for (const sequence of [1, 3, 5]) {
        const { status } = await pushOne(member.client, itemOf(chain[sequence - 1] ?? member.device.forge()));
        const isTrue = status === REFUSED || status === ACCEPTED;
        expectThat(`the answer for sequence ${sequence}`, isTrue, 'ACCEPTED or REFUSED', status);
      }
      const { results } = await member.client.push(itemsOf(chain, 2, 4, 6));
      expect('statuses of what is stored', statusesOf(results), [DUPLICATE, DUPLICATE, DUPLICATE]);
    },
  },
  'relay/backfill/unknown-epoch': {
    title: 'A run with an item of an unknown epoch is refused at its first item, and nothing of it is stored',
    requirements: ['RL-23', 'RL-33'],
    run: async (scene) => {
      const member = await scene.member();
      const { device } = member;
      const two = device.forge({ sequence: 2 });
      const three = device.forge({ sequence: 3, previous: two.hash, epoch: 1 });
      const four = device.forge({ sequence: 4, previous: three.hash });
      expectAccepted('the one above', await pushOne(member.client, itemOf(four)), 1);
      const { results } = await member.client.push([itemOf(two), itemOf(three)]);
      expect('statuses', statusesOf(results), [REFUSED]);
      expectClass('the refusal', results[0]?.error?.code, 'session.epoch');
      expect('head', (await member.client.pull()).segment?.head, 1n);
    },
  },
  'relay/backfill/quota': {
    title: 'A run that exceeds a quota is refused whole; the part of it that fits is stored when it comes alone',
    requirements: ['RL-28', 'RL-33'],
    run: async (scene) => {
      const { inner } = await openScene(scene, { group_envelopes_max: 3 });
      const member = await inner.member();
      const chain = chainOf(member, 5);
      await expectStored(member, itemsOf(chain, 4, 5), 1);
      const { results } = await member.client.push(itemsOf(chain, 2, 3));
      expect('statuses', statusesOf(results), [REFUSED]);
      expectClass('the refusal', results[0]?.error?.code, 'session.quota');
      await expectStored(member, itemsOf(chain, 3), 3);
    },
  },
  'relay/backfill/after-removal': {
    title: 'Removal makes no hole and fills none: what was stored is answered REMOVED, what never was is stored',
    requirements: ['RL-26', 'RL-32', 'RL-42', 'RL-51'],
    run: async (scene) => {
      const { inner, relay } = await openScene(scene, EXPIRY);
      const member = await inner.member();
      const chain = chainOf(member, 5);
      await expectStored(member, itemsOf(chain, 3, 4), 1);
      await untilExpired(member.client, 2);
      await relay.gc();
      const { segment } = await member.client.pull(2, new Uint8Array(0));
      expectMembers('a Pull without a hash after what was removed', segment, { after: 2n, next: 2n });
      const { results } = await member.client.push(itemsOf(chain, 3, 4));
      expect('statuses of repeats', statusesOf(results), [REMOVED, REMOVED]);
      await expectBroken(member, itemsOf(chain, 1));
      await expectStored(member, itemsOf(chain, 1, 2), 3);
      await expectStored(member, itemsOf(chain, 5), 5);
    },
  },
};
