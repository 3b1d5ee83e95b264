import { envelopeCost } from '@0k-sync/core/session';
import { PAGE_BYTES_MAX } from '@0k-sync/generated/limits';
import type { LogSegment } from '@0k-sync/generated/wire/frame';
import type { RawClient } from '@0k-sync/testkit/raw';
import { expect, expectMembers, expectThat } from '../../expect.ts';

/** Reads deliveries that follow each other without a gap. RL-41, RL-43. */
export class Reader {
  readonly client: RawClient;
  readonly #request: number;
  /** The cursor that was reached. */
  after: number;
  /** Costs of what was delivered, bytes. */
  readonly costs: number[] = [];
  /** The first Deliver, which may be empty, has not come. */
  #isFresh = true;

  constructor(client: RawClient, after: number, creditBytes: number, hash?: Uint8Array) {
    this.client = client;
    this.after = after;
    this.#request = client.subscribe(after, creditBytes, hash);
  }

  /** Bytes of all that was delivered. */
  get bytes(): number {
    return total(this.costs);
  }

  credit(bytes: number): void {
    this.client.send({ $case: 'credit', value: { bytes } }, 0);
  }

  /** The next Deliver, checked: its request_id, its place, every cursor of it. */
  async next(): Promise<LogSegment> {
    const answer = await this.client.answer(this.#request);
    this.#isFresh = false;
    expectThat('the delivery', answer.$case === 'deliver', 'deliver', answer.$case);
    const { segment } = answer.value;
    expectThat('the delivery', segment !== undefined, 'a segment', 'none');
    const { envelopes } = segment;
    const after = BigInt(this.after);
    const next = after + BigInt(envelopes.length);
    expectMembers('the delivery', segment, { after, removedThrough: after, next });
    expect('cursors', cursorsOf(segment), range(this.after, envelopes.length));
    expectThat('head', segment.head >= next, `at least ${next}`, segment.head);
    this.after = Number(next);
    const costs = envelopes.map(envelopeCost);
    const isShort = total(costs) <= PAGE_BYTES_MAX || costs.length === 1;
    expectThat('bytes of a stretch', isShort, `at most ${PAGE_BYTES_MAX}`, total(costs));
    this.costs.push(...costs);
    return segment;
  }

  async until(cursor: number): Promise<void> {
    for (let isFirst = this.#isFresh; this.after < cursor; isFirst = false) {
      const before = this.after;
      await this.next();
      expectThat('a delivery', isFirst || this.after > before, 'something new', 'an empty one');
    }
  }

  /** Proves by a round trip of this session that the relay delivers nothing more. */
  async quiet(): Promise<void> {
    await this.client.ping();
    const counts = this.client.inbox.log.map(({ frame: { body } }) =>
      body?.$case === 'deliver' ? (body.value.segment?.envelopes.length ?? 0) : 0,
    );
    expect('envelopes delivered', total(counts), this.costs.length);
  }
}

/** The cursors of a segment's envelopes. */
export function cursorsOf(segment: LogSegment | undefined): readonly number[] {
  return segment?.envelopes.map(({ cursor }) => Number(cursor)) ?? [];
}

/** So many cursors right after one. */
export function range(after: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => after + index + 1);
}

export function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, each) => sum + each, 0);
}
