import { CIPHERTEXT_BYTES_MAX, FRAME_BYTES_MAX } from '@0k-sync/generated/limits';
import { Frame } from '@0k-sync/generated/wire/frame';
import { delimited } from '@0k-sync/testkit/wire';
import fc from 'fast-check';
import t from 'tap';
import { FrameWriter } from '../../src/wire/index.ts';
import { writeSegment } from '../../src/wire/write-segment.ts';

const cursor = fc.oneof(fc.constant(0n), fc.bigInt(0n, 300n), fc.bigInt(0n, 2n ** 53n - 1n));
const bytes = (maxLength: number) => fc.uint8Array({ maxLength });
const envelope = fc.record({
  header: bytes(300),
  nonce: bytes(24),
  ciphertext: bytes(400),
  signature: bytes(64),
  cursor,
  receivedAtMs: cursor,
});
const segment = fc.record({
  after: cursor,
  removedThrough: cursor,
  envelopes: fc.array(envelope, { maxLength: 20 }),
  next: cursor,
  head: cursor,
});
const body = fc.oneof(
  segment.map((segment) => ({ $case: 'deliver' as const, value: { segment } })),
  fc
    .record({ segment, hasMore: fc.boolean() })
    .map(({ segment, hasMore }) => ({ $case: 'page' as const, value: { segment, hasMore } })),
);
const requestId = fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 2 ** 32 - 1 }));

t.test(
  'RL-40 RL-44 WI-10 finding/R1 finding/R3 a segment is written byte for byte as the encoder writes it',
  async (t) => {
    fc.assert(
      fc.property(requestId, body, (requestId, body) => {
        const encoded = delimited(Frame.encode({ requestId, body }).finish());
        const written = writeSegment({ requestId, body });
        if (written === undefined || Buffer.compare(written, encoded) !== 0)
          throw new Error(`${Buffer.from(encoded).toString('hex')} and ${Buffer.from(written ?? []).toString('hex')}`);
      }),
      { numRuns: 1000 },
    );
    t.pass();
  },
);

t.test('WI-10 a frame above FRAME_BYTES_MAX is refused, and other frames are left to the encoder', async (t) => {
  const one = {
    header: new Uint8Array(200),
    nonce: new Uint8Array(24),
    ciphertext: new Uint8Array(CIPHERTEXT_BYTES_MAX),
    signature: new Uint8Array(64),
    cursor: 1n,
    receivedAtMs: 1n,
  };
  const page = (count: number): Frame => {
    const segment = { after: 0n, removedThrough: 0n, envelopes: Array(count).fill(one), next: 0n, head: 0n };
    return { requestId: 1, body: { $case: 'page', value: { segment, hasMore: false } } };
  };
  const most = Math.floor(FRAME_BYTES_MAX / CIPHERTEXT_BYTES_MAX);
  t.ok(writeSegment(page(most)));
  t.throws(() => writeSegment(page(most + 1)), RangeError);
  t.equal(
    writeSegment({ requestId: 1, body: { $case: 'page', value: { segment: undefined, hasMore: true } } }),
    undefined,
  );
  t.equal(writeSegment({ requestId: 1, body: { $case: 'ping', value: {} } }), undefined);
});

t.test('finding/R1 one frame alone is taken where it was written, without a copy', async (t) => {
  const writer = new FrameWriter();
  t.equal(writer.take(), undefined);
  const segment = { after: 0n, removedThrough: 0n, envelopes: [], next: 0n, head: 7n };
  const taken = Array.from({ length: 10 }, () => {
    writer.write({ requestId: 1, body: { $case: 'deliver', value: { segment } } });
    return writer.take() ?? new Uint8Array(0);
  });
  t.same(new Set(taken.map(({ length }) => length)), new Set([9]));
  // A slab of memory may end between two of them.
  t.ok(taken.some(({ byteOffset }, index) => byteOffset - (taken[index - 1]?.byteOffset ?? 0) === 9));
  t.ok(writer.isEmpty);
});
