import { accountsForEveryCursor, envelopeCost } from '@0k-sync/core/session';
import { PAGE_ITEMS_MAX } from '@0k-sync/generated/limits';
import type { LogSegment } from '@0k-sync/generated/wire/frame';
import { sampleEnvelope } from '@0k-sync/testkit/samples';
import fc from 'fast-check';
import t from 'tap';

/** Makes a correct segment: (after, removed] was removed, and `count` envelopes follow. */
function segmentOf(after: bigint, removed: bigint, count: number, behind = 0n): LogSegment {
  const removedThrough = after + removed;
  const envelopes = Array.from({ length: count }, (_, index) => ({
    ...sampleEnvelope(),
    cursor: removedThrough + BigInt(index) + 1n,
  }));
  const next = removedThrough + BigInt(count);
  return { after, removedThrough, envelopes, next, head: next + behind };
}

const counts = fc.tuple(fc.bigInt(0n, 1000n), fc.bigInt(0n, 1000n), fc.nat({ max: 20 }), fc.bigInt(0n, 1000n));

t.test('CL-02 RL-41 a segment that accounts for every cursor is taken', async (t) => {
  fc.assert(
    fc.property(counts, ([after, removed, count, behind]) => {
      return accountsForEveryCursor(segmentOf(after, removed, count, behind), after);
    }),
    { numRuns: 300, seed: 9 },
  );
  t.ok(accountsForEveryCursor(segmentOf(5n, 0n, 0), 5n), 'an empty one moves nothing');
  t.ok(accountsForEveryCursor(segmentOf(0n, 0n, PAGE_ITEMS_MAX), 0n));
});

t.test('CL-02 any other segment is not', async (t) => {
  const good = segmentOf(10n, 2n, 5, 3n);
  const cases: Record<string, LogSegment> = {
    'another after': { ...good, after: 9n },
    'removed before after': { ...good, removedThrough: 9n },
    'next before removed': { ...good, next: 11n },
    'next beyond the envelopes': { ...good, next: 18n, head: 20n },
    'head before next': { ...good, head: 16n },
    'one withheld at the front': { ...good, envelopes: good.envelopes.slice(1) },
    'one withheld at the end': { ...good, envelopes: good.envelopes.slice(0, -1) },
    'one withheld inside': { ...good, envelopes: good.envelopes.filter(({ cursor }) => cursor !== 15n) },
    'two exchanged': { ...good, envelopes: good.envelopes.with(1, good.envelopes[2] ?? sampleEnvelope()) },
    'one twice': {
      ...good,
      envelopes: [...good.envelopes, good.envelopes[4] ?? sampleEnvelope()],
      next: 18n,
      head: 20n,
    },
    'too many': segmentOf(0n, 0n, PAGE_ITEMS_MAX + 1),
  };
  t.ok(accountsForEveryCursor(good, 10n));
  for (const [what, segment] of Object.entries(cases))
    t.notOk(accountsForEveryCursor(segment, segment === cases['too many'] ? 0n : 10n), what);
});

t.test('CL-05 lesson/evil-max-cursor a huge head claim moves nothing', async (t) => {
  const huge = { ...segmentOf(10n, 0n, 0), head: 2n ** 53n - 1n };
  t.ok(accountsForEveryCursor(huge, 10n));
  t.notOk(accountsForEveryCursor({ ...huge, next: 2n ** 53n - 1n }, 10n), 'unless it claims to have accounted for it');
});

t.test('RL-40 an envelope costs its four parts', async (t) => {
  t.equal(envelopeCost(sampleEnvelope(1000)), 120 + 24 + 1000 + 64);
});
