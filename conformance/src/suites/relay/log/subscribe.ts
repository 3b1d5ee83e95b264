import { envelopeCost } from '@0k-sync/core/session';
import { CREDIT_BYTES_MAX, PAGE_BYTES_MAX } from '@0k-sync/generated/limits';
import { itemOf } from '@0k-sync/testkit/author';
import { expect, expectThat } from '../../expect.ts';
import { attacks } from '../attack.ts';
import type { RelayActs } from '../scene.ts';
import { Reader } from './reader.ts';

/** Backlog, live delivery and credit. */
export const subscribeActs: RelayActs = {
  'relay/subscribe/empty': {
    title: 'The first Deliver comes at once, also when there is nothing, and a new envelope live after it',
    requirements: ['RL-44'],
    run: async (scene) => {
      const { author, reader } = await scene.pair();
      const reading = new Reader(reader.client, 0, PAGE_BYTES_MAX);
      expect('envelopes of the first Deliver', (await reading.next()).envelopes.length, 0);
      await author.client.push(author.device.items(1));
      await reading.until(1);
    },
  },
  'relay/subscribe/backlog-then-live': {
    title: 'Backlog, then live, in the order of cursors, while others push',
    requirements: ['RL-43', 'RL-44'],
    run: async (scene) => {
      const { author, reader } = await scene.pair();
      await author.client.push(author.device.items(30));
      const more = Array.from({ length: 10 }, () => author.client.push(author.device.items(3)));
      const reading = new Reader(reader.client, 0, CREDIT_BYTES_MAX);
      await Promise.all([reading.until(60), ...more]);
      await reading.quiet();
    },
  },
  'relay/subscribe/from-a-cursor': {
    title: 'A Subscribe after a cursor begins right behind it',
    requirements: ['RL-42', 'RL-44'],
    run: async (scene) => {
      const { author, reader } = await scene.pair();
      await author.client.push(author.device.items(2));
      const hash = author.device.previous;
      await author.client.push(author.device.items(2));
      const reading = new Reader(reader.client, 2, CREDIT_BYTES_MAX, hash);
      await reading.until(4);
    },
  },
  'relay/subscribe/own-pushes': {
    title: 'A subscriber is delivered its own pushes too, each once',
    requirements: ['RL-41', 'RL-49'],
    run: async (scene) => {
      const { client, device } = await scene.member();
      const reading = new Reader(client, 0, CREDIT_BYTES_MAX);
      await reading.next();
      await client.push(device.items(3));
      await reading.until(3);
      await reading.quiet();
    },
  },
  ...attacks({
    'relay/subscribe/twice': {
      title: 'A second Subscribe ends the session',
      requirements: ['RL-44'],
      refusal: 'frame.state',
      act: async (client) => {
        await client.answer(client.subscribe());
        client.subscribe();
      },
    },
  }),
  'relay/subscribe/credit': {
    title: 'Delivery stops when credit is used up, one envelope may overdraw it, and goes on with Credit',
    requirements: ['RL-45'],
    run: async (scene) => {
      const { author, reader } = await scene.pair();
      const cost = envelopeCost(author.device.forge().envelope);
      const credit = 2 * cost + 1;
      const reading = new Reader(reader.client, 0, credit);
      await reading.next();
      for (let round = 0; round < 6; round += 1) await author.client.push([itemOf(author.device.sized(272))]);
      await reading.until(3);
      await reading.quiet();
      // 1 byte above 0 after an overdraft of cost − 1 is what one more envelope takes.
      reading.credit(cost - 1);
      await reading.quiet();
      reading.credit(1);
      await reading.until(4);
      await reading.quiet();
      reading.credit(10 * cost);
      await reading.until(6);
    },
  },
  'relay/subscribe/credit-of-the-backlog': {
    title: 'The backlog obeys the credit of the Subscribe',
    requirements: ['RL-45'],
    run: async (scene) => {
      const { author, reader } = await scene.pair();
      await author.client.push(Array.from({ length: 10 }, () => itemOf(author.device.sized(272))));
      const cost = envelopeCost(author.device.forge().envelope);
      const reading = new Reader(reader.client, 0, 3 * cost);
      await reading.until(3);
      await reading.quiet();
      reading.credit(CREDIT_BYTES_MAX);
      await reading.until(10);
    },
  },
  'relay/subscribe/credit-max': {
    title: 'Credit adds up to CREDIT_BYTES_MAX and no further',
    requirements: ['RL-45', 'RL-46'],
    run: async (scene) => {
      const { author, reader } = await scene.pair();
      const max = Math.min(CREDIT_BYTES_MAX, reader.ack.limits?.creditBytesMax ?? CREDIT_BYTES_MAX);
      const reading = new Reader(reader.client, 0, max);
      await reading.next();
      reading.credit(max);
      await reader.client.ping();
      const largest = 262_144;
      const count = Math.ceil(max / largest) + 3;
      for (let index = 0; index < count; index += 1) await author.client.push([itemOf(author.device.sized(largest))]);
      while (reading.bytes < max) await reading.next();
      await reading.quiet();
      const last = reading.costs.at(-1) ?? 0;
      expectThat(
        'bytes delivered',
        reading.bytes - last < max,
        `less than ${max} before the last one`,
        `${reading.bytes}`,
      );
      reading.credit(max);
      await reading.until(count);
    },
  },
  'relay/subscribe/without-credit': {
    title: 'A subscriber without credit holds up nobody: others are delivered to and answered',
    requirements: ['RL-45', 'RL-46'],
    run: async (scene) => {
      const { author, reader } = await scene.pair();
      const idle = await scene.member(author.device.group.device());
      const stuck = new Reader(idle.client, 0, 1);
      await stuck.next();
      const reading = new Reader(reader.client, 0, CREDIT_BYTES_MAX);
      await reading.next();
      for (let round = 0; round < 20; round += 1) await author.client.push(author.device.items(5));
      await reading.until(100);
      await stuck.until(1);
      await stuck.quiet();
      const { segment } = await idle.client.pull();
      expect('head that the idle one reads', segment?.head, 100n);
    },
  },
  'relay/subscribe/large-batch': {
    title: 'A Push larger than a page is delivered live in stretches that follow each other',
    requirements: ['RL-40', 'RL-41', 'RL-44'],
    run: async (scene) => {
      const { author, reader } = await scene.pair();
      const reading = new Reader(reader.client, 0, CREDIT_BYTES_MAX);
      await reading.next();
      await author.client.push([1, 2, 3].map(() => itemOf(author.device.sized(260_000))));
      await reading.until(3);
    },
  },
  'relay/subscribe/after-the-other-left': {
    title: 'What is pushed while a subscriber is away is its backlog when it comes back',
    requirements: ['RL-41', 'RL-44'],
    run: async (scene) => {
      const { author, reader } = await scene.pair();
      const first = new Reader(reader.client, 0, CREDIT_BYTES_MAX);
      await author.client.push(author.device.items(2));
      await first.until(2);
      const hash = author.device.previous;
      await reader.client.close();
      await author.client.push(author.device.items(2));
      const again = await scene.member(reader.device);
      await new Reader(again.client, 2, CREDIT_BYTES_MAX, hash).until(4);
    },
  },
};
