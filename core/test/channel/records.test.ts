import { concat } from '@0k-sync/core/bytes';
import { createNodeCrypto } from '@0k-sync/core/crypto/node';
import { CipherState } from '@0k-sync/core/noise';
import { PartReader } from '@0k-sync/core/wire';
import { RECORD_BYTES_MAX } from '@0k-sync/generated/limits';
import fc from 'fast-check';
import t from 'tap';
import { measureRecord, RecordLayer } from '../../src/channel/index.ts';

const crypto = await createNodeCrypto();
const key = (value: number) => new CipherState(crypto, new Uint8Array(32).fill(value));
const client = () => new RecordLayer({ send: key(1), receive: key(2) });
const relay = () => new RecordLayer({ send: key(2), receive: key(1) });

/** Opens the records of a stream until one does not open or none is whole. */
function openAll(layer: RecordLayer, pieces: readonly Uint8Array[]): Uint8Array[] {
  const parts = new PartReader(measureRecord);
  const opened: Uint8Array[] = [];
  for (const piece of pieces) {
    parts.push(piece);
    for (let part = parts.next(); part !== undefined; part = parts.next()) {
      const plaintext = part instanceof Uint8Array ? layer.open(part) : undefined;
      if (plaintext === undefined) return opened;
      opened.push(plaintext);
    }
  }
  return opened;
}

function cutAt(bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let start = 0; start < bytes.length; ) {
    const size = sizes[pieces.length] ?? bytes.length;
    pieces.push(bytes.subarray(start, start + size));
    start += size;
  }
  return pieces;
}

t.test('WI-05 WI-07 any plaintext comes out of any cutting of its records', async (t) => {
  const plaintexts = fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(plaintexts, fc.array(fc.integer({ min: 1, max: 50 }), { maxLength: 80 }), (sent, sizes) => {
      const writer = client();
      const stream = concat(...sent.map((plaintext) => writer.seal(plaintext)));
      t.strictSame(openAll(relay(), cutAt(stream, sizes)), sent);
    }),
    { numRuns: 100, seed: 10 },
  );
});

t.test('WI-05 WI-07 LI-03 a long plaintext takes as few records as it needs', async (t) => {
  const most = RECORD_BYTES_MAX - 16;
  for (const [length, records] of [
    [1, 1],
    [most, 1],
    [most + 1, 2],
    [3 * most, 3],
  ] as const) {
    const plaintext = new Uint8Array(length).fill(7);
    const stream = client().seal(plaintext);
    t.equal(stream.length, length + 18 * records, `${length} bytes`);
    const opened = openAll(relay(), [stream]);
    t.equal(opened.length, records);
    t.strictSame(concat(...opened), plaintext);
  }
});

t.test('WI-06 after a change nothing opens any more, and nothing wrong ever does', async (t) => {
  const sent = [1, 2, 3].map((value) => new Uint8Array(40).fill(value));
  const writer = client();
  const stream = concat(...sent.map((plaintext) => writer.seal(plaintext)));
  fc.assert(
    fc.property(
      fc.nat({ max: stream.length - 1 }),
      fc.nat({ max: 7 }),
      fc.integer({ min: 1, max: 90 }),
      (at, bit, size) => {
        const changed = stream.with(at, (stream[at] ?? 0) ^ (1 << bit));
        const opened = openAll(relay(), cutAt(changed, new Array(60).fill(size)));
        t.strictSame(opened, sent.slice(0, Math.floor(at / 58)));
      },
    ),
    { numRuns: 300, seed: 11 },
  );
});

t.test('HS-16 a record does not open under the other direction’s key', async (t) => {
  t.strictSame(openAll(client(), [client().seal(Uint8Array.of(1))]), []);
});
