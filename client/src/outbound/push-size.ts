import { paddedLength } from '@0k-sync/core/envelope';
import type { ClampedLimits } from '@0k-sync/core/session';
import { PAGE_BYTES_MAX } from '@0k-sync/generated/limits';

/** Bytes of an envelope besides its padded plaintext, at most: header, nonce, tag and signature. */
const ENVELOPE_OVERHEAD_BYTES = 256;

/** A relay's limits of a Push. */
export type PushLimits = Pick<ClampedLimits, 'pushItemsMax' | 'frameBytesMax'>;

/** The first of the entries, as many as one Push may hold; at least one. */
export function cutToPush<Entry extends { readonly plaintext: Uint8Array }>(
  entries: readonly Entry[],
  { pushItemsMax, frameBytesMax }: PushLimits,
): readonly Entry[] {
  const bytesMax = Math.min(PAGE_BYTES_MAX, frameBytesMax / 2);
  let bytes = 0;
  const end = entries.findIndex(({ plaintext }, index) => {
    bytes += paddedLength(plaintext.length) + ENVELOPE_OVERHEAD_BYTES;
    return index >= pushItemsMax || (index > 0 && bytes > bytesMax);
  });
  return end < 0 ? entries : entries.slice(0, end);
}

/** The first of the entries, as many as some Pushes may hold. */
export function cutToPushes<Entry extends { readonly plaintext: Uint8Array }>(
  entries: readonly Entry[],
  limits: PushLimits,
  pushes: number,
): readonly Entry[] {
  let end = 0;
  for (let push = 0; push < pushes; push += 1) end += cutToPush(entries.slice(end), limits).length;
  return entries.slice(0, end);
}
