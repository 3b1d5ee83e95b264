import { envelopeCost } from '@0k-sync/core/session';
import { CREDIT_BYTES_MAX, PAGE_BYTES_MAX } from '@0k-sync/generated/limits';
import { itemOf } from '@0k-sync/testkit/author';
import type { Scenario } from '../../../model.ts';
import { inArena } from '../arena.ts';
import { attack, Stage } from '../attack.ts';
import { holds, same } from '../checks.ts';
import type { RelayTarget } from '../target.ts';
import { pair, Reader } from './reader.ts';

/** Backlog, live delivery and credit. */
export const subscribeScenarios: readonly Scenario<RelayTarget>[] = [
  {
    id: 'relay/subscribe/empty',
    title: 'The first Deliver comes at once, also when there is nothing, and a new envelope live after it',
    level: 'must',
    requirements: ['RL-44'],
    requires: [],
    run: inArena(async (arena) => {
      const { author, reader } = await pair(arena);
      const reading = new Reader(reader.client, 0, PAGE_BYTES_MAX);
      same('envelopes of the first Deliver', (await reading.next()).envelopes.length, 0);
      await author.client.push(author.device.items(1));
      await reading.until(1);
    }),
  },
  {
    id: 'relay/subscribe/backlog-then-live',
    title: 'Backlog, then live, in the order of cursors, while others push',
    level: 'must',
    requirements: ['RL-43', 'RL-44'],
    requires: [],
    run: inArena(async (arena) => {
      const { author, reader } = await pair(arena);
      await author.client.push(author.device.items(30));
      const more = Array.from({ length: 10 }, () => author.client.push(author.device.items(3)));
      const reading = new Reader(reader.client, 0, CREDIT_BYTES_MAX);
      await Promise.all([reading.until(60), ...more]);
      await reading.quiet();
    }),
  },
  {
    id: 'relay/subscribe/from-a-cursor',
    title: 'A Subscribe after a cursor begins right behind it',
    level: 'must',
    requirements: ['RL-42', 'RL-44'],
    requires: [],
    run: inArena(async (arena) => {
      const { author, reader } = await pair(arena);
      await author.client.push(author.device.items(2));
      const hash = author.device.previous;
      await author.client.push(author.device.items(2));
      const reading = new Reader(reader.client, 2, CREDIT_BYTES_MAX, hash);
      await reading.until(4);
    }),
  },
  {
    id: 'relay/subscribe/own-pushes',
    title: 'A subscriber is delivered its own pushes too, each once',
    level: 'must',
    requirements: ['RL-41', 'RL-49'],
    requires: [],
    run: inArena(async (arena) => {
      const { client, device } = await arena.member();
      const reading = new Reader(client, 0, CREDIT_BYTES_MAX);
      await reading.next();
      await client.push(device.items(3));
      await reading.until(3);
      await reading.quiet();
    }),
  },
  {
    id: 'relay/subscribe/twice',
    title: 'A second Subscribe ends the session',
    level: 'must',
    requirements: ['RL-44'],
    requires: [],
    run: inArena(async (arena) => {
      const stage = await Stage.set(arena);
      await attack(stage, { classes: ['frame.state'], connection: 'closed' }, async () => {
        const client = await stage.session();
        await client.answer(client.subscribe());
        client.subscribe();
        return client;
      });
    }),
  },
  {
    id: 'relay/subscribe/credit',
    title: 'Delivery stops when credit is used up, one envelope may overdraw it, and goes on with Credit',
    level: 'must',
    requirements: ['RL-45'],
    requires: [],
    run: inArena(async (arena) => {
      const { author, reader } = await pair(arena);
      const cost = envelopeCost(author.device.forge().envelope);
      const credit = 2 * cost + 1;
      const reading = new Reader(reader.client, 0, credit);
      await reading.next();
      for (let round = 0; round < 6; round += 1) await author.client.push([itemOf(author.device.sized(272))]);
      await reading.until(3);
      await reading.quiet();
      // 1 byte above 0 after an overdraft of cost − 1 is what one more envelope takes.
      reader.client.send({ $case: 'credit', value: { bytes: cost - 1 } }, 0);
      await reading.quiet();
      reader.client.send({ $case: 'credit', value: { bytes: 1 } }, 0);
      await reading.until(4);
      await reading.quiet();
      reader.client.send({ $case: 'credit', value: { bytes: 10 * cost } }, 0);
      await reading.until(6);
    }),
  },
  {
    id: 'relay/subscribe/credit-of-the-backlog',
    title: 'The backlog obeys the credit of the Subscribe',
    level: 'must',
    requirements: ['RL-45'],
    requires: [],
    run: inArena(async (arena) => {
      const { author, reader } = await pair(arena);
      await author.client.push(Array.from({ length: 10 }, () => itemOf(author.device.sized(272))));
      const cost = envelopeCost(author.device.forge().envelope);
      const reading = new Reader(reader.client, 0, 3 * cost);
      await reading.until(3);
      await reading.quiet();
      reader.client.send({ $case: 'credit', value: { bytes: CREDIT_BYTES_MAX } }, 0);
      await reading.until(10);
    }),
  },
  {
    id: 'relay/subscribe/credit-max',
    title: 'Credit adds up to CREDIT_BYTES_MAX and no further',
    level: 'must',
    requirements: ['RL-45', 'RL-46'],
    requires: [],
    run: inArena(async (arena) => {
      const { author, reader } = await pair(arena);
      const max = Math.min(CREDIT_BYTES_MAX, reader.ack.limits?.creditBytesMax ?? CREDIT_BYTES_MAX);
      const reading = new Reader(reader.client, 0, max);
      await reading.next();
      reader.client.send({ $case: 'credit', value: { bytes: max } }, 0);
      await reader.client.ping();
      const largest = 262_144;
      const count = Math.ceil(max / largest) + 3;
      for (let index = 0; index < count; index += 1) await author.client.push([itemOf(author.device.sized(largest))]);
      while (reading.bytes < max) await reading.next();
      await reading.quiet();
      const last = reading.costs.at(-1) ?? 0;
      holds('bytes delivered', reading.bytes - last < max, `less than ${max} before the last one`, `${reading.bytes}`);
      reader.client.send({ $case: 'credit', value: { bytes: max } }, 0);
      await reading.until(count);
    }),
  },
  {
    id: 'relay/subscribe/without-credit',
    title: 'A subscriber without credit holds up nobody: others are delivered to and answered',
    level: 'must',
    requirements: ['RL-45', 'RL-46'],
    requires: [],
    run: inArena(async (arena) => {
      const { author, reader } = await pair(arena);
      const idle = await arena.member(author.device.group.device());
      const stuck = new Reader(idle.client, 0, 1);
      await stuck.next();
      const reading = new Reader(reader.client, 0, CREDIT_BYTES_MAX);
      await reading.next();
      for (let round = 0; round < 20; round += 1) await author.client.push(author.device.items(5));
      await reading.until(100);
      await stuck.until(1);
      await stuck.quiet();
      const { segment } = await idle.client.pull();
      same('head that the idle one reads', segment?.head, 100n);
    }),
  },
  {
    id: 'relay/subscribe/large-batch',
    title: 'A Push larger than a page is delivered live in stretches that follow each other',
    level: 'must',
    requirements: ['RL-40', 'RL-41', 'RL-44'],
    requires: [],
    run: inArena(async (arena) => {
      const { author, reader } = await pair(arena);
      const reading = new Reader(reader.client, 0, CREDIT_BYTES_MAX);
      await reading.next();
      await author.client.push([1, 2, 3].map(() => itemOf(author.device.sized(260_000))));
      await reading.until(3);
    }),
  },
  {
    id: 'relay/subscribe/after-the-other-left',
    title: 'What is pushed while a subscriber is away is its backlog when it comes back',
    level: 'must',
    requirements: ['RL-41', 'RL-44'],
    requires: [],
    run: inArena(async (arena) => {
      const { author, reader } = await pair(arena);
      const first = new Reader(reader.client, 0, CREDIT_BYTES_MAX);
      await author.client.push(author.device.items(2));
      await first.until(2);
      const hash = author.device.previous;
      await reader.client.close();
      await author.client.push(author.device.items(2));
      const again = await arena.member(reader.device);
      await new Reader(again.client, 2, CREDIT_BYTES_MAX, hash).until(4);
    }),
  },
];
