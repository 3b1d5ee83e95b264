import { envelopeCost } from '@0k-sync/core/session';
import { PAGE_BYTES_MAX } from '@0k-sync/generated/limits';
import type { LogSegment } from '@0k-sync/generated/wire/frame';
import type { RawClient } from '@0k-sync/testkit/raw';
import type { Arena, Member } from '../arena.ts';
import { holds, same } from '../checks.ts';

/** Reads deliveries that follow each other without a gap. RL-41, RL-43. */
export class Reader {
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

export function countOf(body: RawClient['inbox']['log'][number]['frame']['body']): number {
  return body?.$case === 'deliver' ? (body.value.segment?.envelopes.length ?? 0) : 0;
}

export async function pair(arena: Arena): Promise<{ author: Member; reader: Member }> {
  const author = await arena.member();
  return { author, reader: await arena.member(author.device.group.device()) };
}
