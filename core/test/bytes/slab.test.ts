import { Slab } from '@0k-sync/core/bytes';
import t from 'tap';

t.test('SC-21 pieces of a slab are zeros of the length asked for, and none shares a byte with another', async (t) => {
  const slab = new Slab();
  const pieces = Array.from({ length: 500 }, (_, index) => slab.take((index * 37) % 3000));
  for (const [index, piece] of pieces.entries()) {
    if (piece.some((byte) => byte !== 0)) throw new Error(`piece ${index} was used before`);
    piece.fill((index % 255) + 1);
  }
  t.ok(pieces.every((piece, index) => piece.length === (index * 37) % 3000));
  t.ok(pieces.every((piece, index) => piece.every((byte) => byte === (index % 255) + 1)));
});

t.test('SC-21 a long array has memory of its own', async (t) => {
  const slab = new Slab();
  const long = slab.take(100_000);
  t.equal(long.buffer.byteLength, 100_000);
  t.not(slab.take(10).buffer, long.buffer);
  t.equal(slab.take(10).buffer, slab.take(10).buffer);
});
