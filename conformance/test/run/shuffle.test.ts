import t from 'tap';
import { shuffle } from '../../src/run/shuffle.ts';

const ITEMS = Array.from({ length: 50 }, (_, index) => index);

t.test('a seed gives one order, another seed another one, and nothing gets lost', async (t) => {
  const first = shuffle(ITEMS, 'a');
  t.strictSame(shuffle(ITEMS, 'a'), first);
  t.notSame(shuffle(ITEMS, 'b'), first);
  t.notSame(first, ITEMS);
  t.strictSame(
    [...first].sort((a, b) => a - b),
    ITEMS,
  );
});

t.test('every place can get every item', async (t) => {
  const seen = new Set(Array.from({ length: 200 }, (_, seed) => shuffle([0, 1, 2], String(seed)).join('')));
  t.equal(seen.size, 6);
});

t.test('nothing and one item', async (t) => {
  t.strictSame(shuffle([], 'a'), []);
  t.strictSame(shuffle([7], 'a'), [7]);
});
