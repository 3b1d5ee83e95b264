import type { LogSegment } from '@0k-sync/generated/wire/frame';

/** The transaction of so many envelopes takes some milliseconds, in which the event loop stands. */
const JOINED_ITEMS_MAX = 512;
/** Longer ones gain nothing, and the relay would wait for its credit. */
const JOINED_BYTES_MAX = 256 * 1024;

/**
 * Takes the first of the segments that wait, joined with the short ones that follow on it without a gap: they cost one
 * transaction. Whatever is wrong with one of them is wrong with the joined one. CL-02, CL-03.
 */
export function takeJoined(waiting: LogSegment[]): LogSegment | undefined {
  const first = waiting.shift();
  if (first === undefined) return undefined;
  const envelopes = [...first.envelopes];
  let bytes = bytesOf(first);
  let last = first;
  for (let [next] = waiting; next !== undefined && follows(last, next); [next] = waiting) {
    bytes += bytesOf(next);
    if (envelopes.length + next.envelopes.length > JOINED_ITEMS_MAX || bytes > JOINED_BYTES_MAX) break;
    for (const envelope of next.envelopes) envelopes.push(envelope);
    last = next;
    waiting.shift();
  }
  return { ...first, envelopes, next: last.next, head: last.head };
}

function bytesOf({ envelopes }: LogSegment): number {
  return envelopes.reduce((sum, { ciphertext }) => sum + ciphertext.length, 0);
}

/** True for a segment that begins where the one before ends, and of which nothing was removed. */
function follows(before: LogSegment, { after, removedThrough }: LogSegment): boolean {
  return before.head >= before.next && before.next === after && removedThrough === after;
}
