import { PushStatus } from '@0k-sync/generated/wire/frame';
import { VirtualClock } from '@0k-sync/testkit/time';
import fc from 'fast-check';
import t from 'tap';
import type { PushResult } from '../../src/store/port.ts';
import {
  anItem,
  describe,
  enrol,
  type HashedItem,
  ITEM_COST,
  openStore,
  readAll,
  Sender,
  sweepAll,
} from '../support/store.ts';

/** Envelopes of a chain; with fewer than HOLES_MAX · 2 no two holes become one. */
const CHAIN = 16;

interface Pushed {
  readonly sequence: number;
  readonly skip: boolean;
  /** Another envelope for that sequence than the chain's. */
  readonly isFork: boolean;
}

type Step = { readonly push: readonly Pushed[] } | { readonly keep: number };

/** The behaviour of a relay with one chain, said as simply as possible. RL-24 to RL-27, RL-32. */
class Model {
  head = 0;
  cursor = 0;
  /** Stored sequences with their cursors, and those that were removed. */
  readonly stored = new Map<number, number>();
  readonly removed = new Set<number>();

  has(sequence: number): boolean {
    return this.stored.has(sequence) || this.removed.has(sequence);
  }

  push(items: readonly Pushed[]): string[] {
    const answers: string[] = [];
    for (const [index, item] of items.entries()) {
      const answer = this.#answer(item, items.slice(index + 1));
      answers.push(answer);
      if (/^[A-Z]/.test(answer)) break;
    }
    return answers;
  }

  /** Removes all but the newest envelopes. */
  keep(count: number): void {
    const old = [...this.stored].toSorted(([, a], [, b]) => a - b).slice(0, Math.max(0, this.stored.size - count));
    for (const [sequence] of old) {
      this.stored.delete(sequence);
      this.removed.add(sequence);
    }
  }

  #answer({ sequence, skip, isFork }: Pushed, rest: readonly Pushed[]): string {
    if (sequence > this.head) {
      if (this.head > 0 && !skip && sequence !== this.head + 1) return 'CHAIN_BROKEN';
      this.head = sequence;
      return this.#store(sequence);
    }
    const cursor = this.stored.get(sequence);
    if (cursor !== undefined) return isFork ? 'SEQUENCE_CONFLICT' : `duplicate ${cursor}`;
    if (this.removed.has(sequence)) return isFork && sequence === this.head ? 'SEQUENCE_CONFLICT' : 'removed 0';
    return !isFork && this.#reaches(sequence, rest) ? this.#store(sequence) : 'CHAIN_BROKEN';
  }

  /** True if the place above is known, or comes next and reaches one that is. */
  #reaches(sequence: number, [next, ...rest]: readonly Pushed[]): boolean {
    if (this.has(sequence + 1)) return true;
    return next?.sequence === sequence + 1 && !next.isFork && this.#reaches(next.sequence, rest);
  }

  #store(sequence: number): string {
    this.cursor += 1;
    this.stored.set(sequence, this.cursor);
    return `accepted ${this.cursor}`;
  }
}

const pushed: fc.Arbitrary<Pushed> = fc.record({
  sequence: fc.integer({ min: 1, max: CHAIN }),
  skip: fc.boolean(),
  isFork: fc.nat(7).map((of8) => of8 === 0),
});
/** Stretches of the chain upwards and downwards make runs likely. */
const stretch = fc
  .record({ from: fc.integer({ min: 1, max: CHAIN }), count: fc.integer({ min: 1, max: 6 }), down: fc.boolean() })
  .map(({ from, count, down }) => {
    const sequences = Array.from({ length: Math.min(count, CHAIN - from + 1) }, (_, index) => from + index);
    return (down ? sequences.toReversed() : sequences).map((sequence) => ({ sequence, skip: false, isFork: false }));
  });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.array(pushed, { minLength: 1, maxLength: 4 }).map((push) => ({ push })) },
  { weight: 3, arbitrary: stretch.map((push) => ({ push })) },
  { weight: 1, arbitrary: fc.nat(6).map((keep) => ({ keep })) },
);

const isAcknowledged = ({ status }: PushResult) => status !== PushStatus.PUSH_STATUS_REFUSED;
const clock = new VirtualClock();

t.test(
  'RL-24 RL-25 RL-26 RL-27 RL-30 RL-32 a store does what a simple model does, whatever is pushed and removed',
  async (t) => {
    const store = await openStore(t.testdir(), clock);
    t.teardown(() => store.close());
    const carryOut = async (steps: readonly Step[]) => {
      const sender = new Sender(await enrol(store));
      const { group } = sender.device.opened;
      const chain: HashedItem[] = Array.from({ length: CHAIN }, () => sender.next());
      const model = new Model();
      const push = async (items: readonly Pushed[]) => {
        // A fork above the head would be another chain, which the model does not follow.
        const told = items.filter(({ isFork, sequence }) => !isFork || sequence <= model.head);
        if (told.length === 0) return;
        const sent = told.flatMap(({ sequence, skip, isFork }) => {
          const item = isFork ? anItem(sequence, new Uint8Array(32)) : chain[sequence - 1];
          return item === undefined ? [] : [{ ...item, skip }];
        });
        const results = await store.perform(sender.push(...sent));
        t.strictSame(describe(results), model.push(told), JSON.stringify(steps));
        const acknowledged = told.slice(0, results.filter(isAcknowledged).length);
        t.ok(
          acknowledged.every(({ sequence }) => model.has(sequence)),
          'what is acknowledged is stored or was removed',
        );
      };
      for (const each of steps) {
        if ('push' in each) await push(each.push);
        else {
          model.keep(each.keep);
          await sweepAll(store, { groupBytes: Math.max(1, each.keep * ITEM_COST) });
        }
        t.strictSame(
          readAll(store, group),
          [...model.stored.values()].toSorted((a, b) => a - b),
          'cursors are dense',
        );
      }
      await push(chain.map(({ sequence }) => ({ sequence, skip: false, isFork: false })));
      t.equal(model.head, CHAIN, 'the whole chain, pushed upwards, fills every hole');
      return t.passing();
    };
    const property = fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), carryOut);
    await fc.assert(property, { numRuns: 60, seed: 26, endOnFailure: true });
  },
);
