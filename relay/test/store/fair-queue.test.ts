import fc from 'fast-check';
import t from 'tap';
import { FairQueue, type Weighed } from '../../src/store/commit/fair-queue.ts';
import { isWorthSending } from '../../src/store/commit/group-commit.ts';

interface Entry extends Weighed {
  readonly flow: string;
  readonly index: number;
}

const entry = (flow: string, index: number, bytes: number, items = 1): Entry => ({ flow, index, bytes, items });
const BOUNDS = { itemsMax: 512, bytesMax: 4 * 1024 * 1024 };

/** Ten flows with plenty of entries each, and behind them a quiet one with one entry. */
function busyQueue(): FairQueue<string, Entry> {
  const queue = new FairQueue<string, Entry>();
  for (let flow = 0; flow < 10; flow += 1) {
    for (let index = 0; index < 200; index += 1) queue.add(`busy ${flow}`, entry(`busy ${flow}`, index, 4096, 8));
  }
  queue.add('quiet', entry('quiet', 0, 600));
  return queue;
}

t.test('RL-75 finding/R6 a group waits for one turn of every other group, however much they push', async (t) => {
  const queue = busyQueue();
  const batch = queue.take(BOUNDS);
  const place = batch.findIndex(({ flow }) => flow === 'quiet');
  t.equal(place, 40, 'four entries of 4 KiB of each of the ten');
  t.equal(queue.size, 2001 - batch.length);
  t.equal(batch.reduce((sum, { items }) => sum + items, 0) <= BOUNDS.itemsMax, true);
});

t.test('RL-75 finding/R6 groups that always push get equal bytes, whatever the size of their pushes', async (t) => {
  const queue = new FairQueue<string, Entry>();
  for (let index = 0; index < 50; index += 1) queue.add('large', entry('large', index, 200_000));
  for (let index = 0; index < 5000; index += 1) queue.add('small', entry('small', index, 2000));
  const bytes = { large: 0, small: 0 };
  for (let batch = 0; batch < 8; batch += 1) {
    for (const taken of queue.take({ itemsMax: 512, bytesMax: 1024 * 1024 }))
      bytes[taken.flow as 'large' | 'small'] += taken.bytes;
  }
  t.ok(Math.abs(bytes.large - bytes.small) <= 220_000, JSON.stringify(bytes));
});

t.test(
  'RL-75 RL-20 every entry is taken once, in its flow’s order, and no transaction is empty or too large',
  async () => {
    const entries = fc.array(
      fc.record({
        flow: fc.constantFrom('a', 'b', 'c'),
        bytes: fc.integer({ min: 1, max: 100_000 }),
        items: fc.nat(9),
      }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(entries, fc.integer({ min: 1, max: 300_000 }), (given, bytesMax) => {
        const queue = new FairQueue<string, Entry>();
        for (const [index, { flow, bytes, items }] of given.entries())
          queue.add(flow, entry(flow, index, bytes, items));
        const last: Record<string, number> = {};
        let count = 0;
        while (queue.size > 0) {
          const batch = queue.take({ itemsMax: 20, bytesMax });
          const bytes = batch.reduce((sum, each) => sum + each.bytes, 0);
          if (batch.length === 0 || (batch.length > 1 && bytes > bytesMax))
            throw new Error(`a batch of ${bytes} bytes`);
          for (const { flow, index } of batch) {
            if ((last[flow] ?? -1) >= index) throw new Error(`${flow} is out of order`);
            last[flow] = index;
          }
          count += batch.length;
        }
        if (count !== given.length || queue.bytes !== 0) throw new Error(`${count} of ${given.length}`);
      }),
      { numRuns: 300 },
    );
  },
);

t.test('RL-75 little that waits shares the next transaction, and much goes behind the one under way', async (t) => {
  const [little, much] = [1, 256 * 1024];
  t.ok(isWorthSending(0, little), 'nothing is under way');
  t.notOk(isWorthSending(1, much - 1));
  t.ok(isWorthSending(1, much));
  t.notOk(isWorthSending(2, 100 * much), 'at most two');
});
