import { FRAME_BYTES_MAX, PUSH_ITEMS_MAX } from '@0k-sync/generated/limits';
import { Frame } from '@0k-sync/generated/wire/frame';
import fc from 'fast-check';
import t from 'tap';
import { decode } from '../../src/wire/decode.ts';
import { readPush } from '../../src/wire/read-push.ts';

const bytesOf = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const envelope = fc.record({
  header: fc.uint8Array({ minLength: 1, maxLength: 300 }),
  nonce: bytesOf(24),
  ciphertext: fc.uint8Array({ minLength: 1, maxLength: 400 }),
  signature: bytesOf(64),
  cursor: fc.constant(0n),
  receivedAtMs: fc.constant(0n),
});
const items = fc.array(fc.record({ envelope, skip: fc.boolean() }), { minLength: 1, maxLength: 4 });
const frames = fc
  .record({ requestId: fc.integer({ min: 1, max: 2 ** 28 - 1 }), items })
  .map(({ requestId, items }): Frame => ({ requestId, body: { $case: 'push', value: { items } } }));

/** A change of some bytes: overwritten, cut out, or put in, at a place given as a part of the whole. */
const change = fc.record({
  place: fc.double({ min: 0, max: 1, noNaN: true }),
  removed: fc.integer({ min: 0, max: 3 }),
  added: fc.uint8Array({ maxLength: 3 }),
});

/** Throws unless the walk takes these bytes as the same frame, or the reader by places leaves them to the walk. */
function agree(bytes: Uint8Array): boolean {
  const read = readPush(bytes);
  if (read === undefined) return false;
  const walked = decode('Frame', bytes, 'client');
  if (!walked.ok) throw new Error(`the walk refuses what was read: ${walked.error}`);
  const plain = (frame: Frame) =>
    JSON.stringify(frame, (_, value) =>
      typeof value === 'bigint' ? `${value}` : value instanceof Uint8Array ? [...value] : value,
    );
  if (plain(read) !== plain(walked.value)) throw new Error('the walk reads another frame');
  return true;
}

t.test('WI-13 a Push as an encoder writes it is read by its places, and the walk reads the same', async (t) => {
  fc.assert(
    fc.property(frames, (frame) => agree(Frame.encode(frame).finish())),
    { numRuns: 500 },
  );
  t.pass();
});

t.test(
  'WI-13 WI-14 whatever bytes are changed, the reader by places takes nothing that the walk refuses',
  async (t) => {
    let taken = 0;
    fc.assert(
      fc.property(frames, fc.array(change, { minLength: 1, maxLength: 3 }), (frame, changes) => {
        let bytes = [...Frame.encode(frame).finish()];
        for (const { place, removed, added } of changes) {
          const at = Math.floor(place * bytes.length);
          bytes = [...bytes.slice(0, at), ...added, ...bytes.slice(at + removed)];
        }
        if (agree(Uint8Array.from(bytes))) taken += 1;
      }),
      { numRuns: 5000 },
    );
    t.ok(taken > 0, 'some changes change content only');
  },
);

t.test('WI-13 any bytes at all behind the beginning of a Push: the same verdict', async (t) => {
  const beginnings = fc.constantFrom([8, 1, 0x1a], [8, 1, 0x1a, 4, 0x0a], [8, 5, 0x1a, 9, 0x0a, 7, 0x0a]);
  fc.assert(
    fc.property(beginnings, fc.uint8Array({ maxLength: 40 }), (start, rest) => {
      agree(Uint8Array.from([...start, ...rest]));
    }),
    { numRuns: 5000 },
  );
  t.pass();
});

t.test('WI-17 LI-10 more items than PUSH_ITEMS_MAX are left to the walk', async (t) => {
  const one = fc.sample(envelope, { numRuns: 1, seed: 7 })[0];
  if (one === undefined) throw new Error('no sample');
  const push = (count: number) =>
    Frame.encode({
      requestId: 1,
      body: { $case: 'push', value: { items: Array(count).fill({ envelope: one, skip: false }) } },
    }).finish();
  t.ok(readPush(push(PUSH_ITEMS_MAX)));
  t.equal(readPush(push(PUSH_ITEMS_MAX + 1)), undefined);
  t.ok(push(PUSH_ITEMS_MAX).length < FRAME_BYTES_MAX);
});
