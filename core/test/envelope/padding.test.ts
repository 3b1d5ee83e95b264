import { pad, paddedLength, padme, unpad } from '@0k-sync/core/envelope';
import {
  CIPHERTEXT_BYTES_MAX,
  CIPHERTEXT_BYTES_MIN,
  CONTENT_BYTES_MAX,
  METADATA_BYTES_MAX,
} from '@0k-sync/generated/limits';
import fc from 'fast-check';
import t from 'tap';

t.test('EN-14 padme keeps only the leading bits of a length', async (t) => {
  const known = [
    [2, 2],
    [9, 10],
    [255, 256],
    [256, 256],
    [257, 272],
    [1000, 1024],
    [1025, 1088],
    [262_144, 262_144],
  ];
  for (const [length = 0, padded] of known) t.equal(padme(length), padded, String(length));
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 2 ** 31 }), (length) => {
      const padded = padme(length);
      return padded >= length && padded <= length * 1.12 + 1 && padme(padded) === padded;
    }),
    { numRuns: 2000, seed: 1 },
  );
});

t.test('EN-14 what was padded comes out again', async (t) => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 3000 }), (bytes) => {
      const padded = pad(bytes);
      t.equal(padded.length, paddedLength(bytes.length));
      t.strictSame(unpad(padded), bytes);
    }),
    { numRuns: 100, seed: 2 },
  );
  t.equal(pad(new Uint8Array(0)).length, 256);
  t.equal(pad(new Uint8Array(252)).length, 256);
  t.equal(pad(new Uint8Array(253)).length, 272);
});

t.test('EN-14 a reader refuses any other length and any padding that is not zero', async (t) => {
  const padded = pad(new Uint8Array(100).fill(1));
  t.equal(unpad(padded.subarray(0, 255)), undefined);
  t.equal(unpad(new Uint8Array(0)), undefined);
  t.equal(unpad(Uint8Array.of(...padded, ...new Uint8Array(16))), undefined, 'more zeros than the rule gives');
  for (const at of [104, 200, 255]) t.equal(unpad(padded.with(at, 1)), undefined, `byte ${at}`);
  t.equal(unpad(padded.with(3, 253)), undefined, 'a length beyond the end');
  t.equal(unpad(padded.with(0, 0xff)), undefined, 'a length of 4 GiB');
  t.strictSame(unpad(padded.with(3, 101)), Uint8Array.of(...new Uint8Array(100).fill(1), 0), 'a zero may be content');
});

t.test('LI-05 LI-06 the largest message fits an envelope, the smallest makes the minimum', async (t) => {
  t.ok(paddedLength(CONTENT_BYTES_MAX + METADATA_BYTES_MAX + 64) + 16 <= CIPHERTEXT_BYTES_MAX);
  t.equal(paddedLength(0) + 16, CIPHERTEXT_BYTES_MIN);
});
