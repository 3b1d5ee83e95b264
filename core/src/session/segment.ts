import { PAGE_ITEMS_MAX } from '@0k-sync/generated/limits';
import type { Envelope } from '@0k-sync/generated/wire/envelope';
import type { LogSegment } from '@0k-sync/generated/wire/frame';

/** Returns the cost of an envelope in a page or in credit, bytes. RL-40. */
export function envelopeCost(envelope: Pick<Envelope, 'header' | 'nonce' | 'ciphertext' | 'signature'>): number {
  return envelope.header.length + envelope.nonce.length + envelope.ciphertext.length + envelope.signature.length;
}

/**
 * Checks that a segment begins at the client's place and accounts for every cursor of (after, next]. CL-02, RL-41.
 * Its head is only a claim, but must not contradict the segment.
 */
export function accountsForEveryCursor(segment: LogSegment, after: bigint): boolean {
  const { removedThrough, envelopes, next, head } = segment;
  if (segment.after !== after || removedThrough < after || next < removedThrough || head < next) return false;
  if (envelopes.length > PAGE_ITEMS_MAX) return false;
  if (next - removedThrough !== BigInt(envelopes.length)) return false;
  return envelopes.every((envelope, index) => envelope.cursor === removedThrough + BigInt(index) + 1n);
}
