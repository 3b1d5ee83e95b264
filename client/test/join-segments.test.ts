import { accountsForEveryCursor } from '@0k-sync/core/session';
import type { Envelope } from '@0k-sync/generated/wire/envelope';
import type { LogSegment } from '@0k-sync/generated/wire/frame';
import t from 'tap';
import { takeJoined } from '../src/inbound/join-segments.ts';

/** The segment of the cursors above `after` up to `next`. */
function segment(after: number, next: number, more: Partial<LogSegment> = {}): LogSegment {
  const none = new Uint8Array();
  const envelopes = Array.from({ length: next - after }, (_, index): Envelope => {
    const cursor = BigInt(after + index + 1);
    return { header: none, nonce: none, ciphertext: none, signature: none, cursor, receivedAtMs: 1n };
  });
  return { after: BigInt(after), removedThrough: BigInt(after), envelopes, next: BigInt(next), head: 2000n, ...more };
}

t.test('CL-03 deliveries that wait are joined as far as one follows on the other, up to a bound', async (test) => {
  const lengths = (waiting: LogSegment[]) => {
    const taken: (number | undefined)[] = [];
    while (waiting.length > 0) taken.push(takeJoined(waiting)?.envelopes.length);
    return taken;
  };
  test.equal(takeJoined([]), undefined);
  test.same(lengths([segment(0, 400), segment(400, 440), segment(440, 500)]), [500]);
  test.same(lengths([segment(0, 400), segment(400, 800)]), [400, 400], 'too many for one');
  test.same(lengths([segment(0, 1000), segment(1000, 1001)]), [1000, 1]);
  test.same(lengths([segment(0, 3), segment(4, 5)]), [3, 1], 'a gap');
  test.same(lengths([segment(0, 3), segment(3, 5, { removedThrough: 4n })]), [3, 2], 'something was removed');
  const large = (after: number) => {
    const one = segment(after, after + 1);
    return {
      ...one,
      envelopes: one.envelopes.map((envelope) => ({ ...envelope, ciphertext: new Uint8Array(100_000) })),
    };
  };
  test.same(lengths([large(0), large(1), large(2), segment(3, 4)]), [2, 2], 'too long for one');
  const joined = takeJoined([segment(2, 4, { after: 0n, head: 5n }), segment(4, 6, { head: 9n })]);
  test.same(
    joined?.envelopes.map(({ cursor }) => Number(cursor)),
    [3, 4, 5, 6],
  );
  test.same([joined?.after, joined?.removedThrough, joined?.next, joined?.head], [0n, 2n, 6n, 9n]);
});

t.test('CL-02 what is wrong with a delivery is wrong with the joined one', async (test) => {
  const wrong = (right: LogSegment): LogSegment[] => [
    { ...right, next: right.next + 1n },
    { ...right, next: right.next - 1n },
    { ...right, head: right.next - 1n },
    { ...right, after: right.after + 1n },
    { ...right, removedThrough: right.removedThrough + 1n },
    { ...right, envelopes: right.envelopes.slice(1) },
    { ...right, envelopes: right.envelopes.toReversed() },
    { ...right, envelopes: [...right.envelopes, ...right.envelopes] },
  ];
  const pairs = [
    ...wrong(segment(0, 3)).map((first) => [first, segment(3, 5)]),
    ...wrong(segment(0, 3)).map((first) => [first, segment(Number(first.next), 5)]),
    ...wrong(segment(3, 5)).map((second) => [segment(0, 3), second]),
  ];
  for (const waiting of pairs) {
    let [position, isRight] = [0n, true];
    while (waiting.length > 0) {
      const taken = takeJoined(waiting) as LogSegment;
      isRight &&= accountsForEveryCursor(taken, position);
      position = taken.next;
    }
    test.equal(isRight, false);
  }
});
