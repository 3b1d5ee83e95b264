import { envelopeCost } from '@0k-sync/core/session';
import { CREDIT_BYTES_MAX, PAGE_BYTES_MAX } from '@0k-sync/generated/limits';
import type { LogSegment } from '@0k-sync/generated/wire/frame';
import { itemOf } from '../../kit/author.ts';
import type { RawClient } from '../../kit/raw-client.ts';
import type { Scenario } from '../../model.ts';
import { type Arena, inArena, type Member } from './arena.ts';
import { attack, Stage } from './attack.ts';
import { holds, same } from './checks.ts';
import type { RelayTarget } from './target.ts';

/** Reads deliveries that follow each other without a gap. RL-41, RL-43. */
class Reader {
  readonly client: RawClient;
  readonly #request: number;
  /** The cursor that was reached. */
  after: number;
  /** Costs of what was delivered, bytes. */
  bytes = 0;
  readonly costs: number[] = [];
  /** The first Deliver, which may be empty, has not come. */
  #isFresh = true;

  constructor(client: RawClient, after: number, creditBytes: number, hash?: Uint8Array) {
    this.client = client;
    this.after = after;
    this.#request = client.subscribe(after, creditBytes, hash);
  }

  /** The next Deliver, checked: its request_id, its place, every cursor of it. */
  async next(): Promise<LogSegment> {
    const answer = await this.client.answer(this.#request);
    this.#isFresh = false;
    holds('the delivery', answer.$case === 'deliver', 'deliver', answer.$case);
    const { segment } = answer.value;
    holds('the delivery', segment !== undefined, 'a segment', 'none');
    const { envelopes } = segment;
    same('after', segment.after, BigInt(this.after));
    same('removed_through', segment.removedThrough, BigInt(this.after));
    const expected = envelopes.map((_, index) => BigInt(this.after + index + 1));
    same(
      'cursors',
      envelopes.map(({ cursor }) => cursor),
      expected,
    );
    same('next', segment.next, BigInt(this.after + envelopes.length));
    holds('head', segment.head >= segment.next, `at least ${segment.next}`, String(segment.head));
    this.after += envelopes.length;
    const costs = envelopes.map((envelope) => envelopeCost(envelope));
    this.costs.push(...costs);
    const bytes = costs.reduce((sum, cost) => sum + cost, 0);
    holds('bytes of a stretch', bytes <= PAGE_BYTES_MAX || costs.length === 1, `at most ${PAGE_BYTES_MAX}`, `${bytes}`);
    this.bytes += bytes;
    return segment;
  }

  async until(cursor: number): Promise<void> {
    for (let isFirst = this.#isFresh; this.after < cursor; isFirst = false) {
      const before = this.after;
      await this.next();
      holds('a delivery', isFirst || this.after > before, 'something new', 'an empty one');
    }
  }

  /** That nothing is delivered: a round trip of this session, and one of what would have been delivered. */
  async quiet(): Promise<void> {
    await this.client.ping();
    const waiting = this.client.inbox.log.filter(({ frame }) => frame.body?.$case === 'deliver');
    const delivered = waiting.reduce((sum, { frame }) => sum + countOf(frame.body), 0);
    same('envelopes delivered', delivered, this.costs.length);
  }
}

function countOf(body: RawClient['inbox']['log'][number]['frame']['body']): number {
  return body?.$case === 'deliver' ? (body.value.segment?.envelopes.length ?? 0) : 0;
}

async function pair(arena: Arena): Promise<{ author: Member; reader: Member }> {
  const author = await arena.member();
  return { author, reader: await arena.member(author.device.group.device()) };
}

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
  {
    id: 'relay/ack/in-range',
    title: 'An Ack of what was delivered, of less, and of what was acknowledged before is taken',
    level: 'must',
    requirements: ['RL-48'],
    requires: [],
    run: inArena(async (arena) => {
      const { author, reader } = await pair(arena);
      await author.client.push(author.device.items(3));
      await new Reader(reader.client, 0, CREDIT_BYTES_MAX).until(3);
      for (const cursor of [2n, 3n, 1n, 3n]) reader.client.send({ $case: 'ack', value: { cursor } }, 0);
      await reader.client.push(reader.device.items(1));
      const again = await arena.member(reader.device);
      again.client.send({ $case: 'ack', value: { cursor: 3n } }, 0);
      await again.client.push(again.device.items(1));
      for (const { client } of [reader, again]) {
        const errors = client.inbox.log.filter(({ frame }) => frame.body?.$case === 'error');
        same('errors', errors.length, 0);
      }
    }),
  },
  {
    id: 'relay/ack/beyond',
    title: 'An Ack beyond what was delivered is refused with request_id 0, and the session goes on',
    level: 'must',
    requirements: ['RL-48'],
    requires: [],
    run: inArena(async (arena) => {
      const stage = await Stage.set(arena);
      const client = await stage.session();
      await attack(stage, { classes: ['cursor.range'], connection: 'open' }, async () => {
        client.send({ $case: 'ack', value: { cursor: 1n } }, 0);
        return client;
      });
      const refusal = client.inbox.log.find(({ frame }) => frame.body?.$case === 'error');
      same('request_id', refusal?.frame.requestId, 0);
    }),
  },
];
