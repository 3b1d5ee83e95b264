import { zBase32 } from '@0k-sync/core/bytes';

import { type Sequences, withoutSkipped } from '@0k-sync/core/envelope';
import type { Store } from '../store/port.ts';
import type { SequenceSpan } from '../store/types.ts';

/** The messages of the group that this device lacks. CL-14. */
export interface Completeness {
  /** True when nothing is known to be missing. */
  readonly complete: boolean;
  /** Sequences `from` to `to` of a device, by its z-base-32 key, that exist and are not here. */
  readonly missing: readonly { readonly sender: string; readonly from: number; readonly to: number }[];
  /** Cursors `from` to `to` that a relay, by its NodeId in z-base-32, removed before this device read them. CL-08. */
  readonly expired: readonly { readonly relay: string; readonly from: number; readonly to: number }[];
}

/** Computes what is missing from what is stored. CL-14. */
export async function readCompleteness(store: Store): Promise<Completeness> {
  const [spans, expired] = [[...(await store.holes()), ...(await tails(store))], await store.expiries()];
  const missing = [];
  for (const { sender, from, to } of spans) {
    const skips: readonly Sequences[] = await store.skipsOf(sender);
    for (const range of withoutSkipped({ from, to }, skips)) missing.push({ sender: zBase32(sender), ...range });
  }
  return { complete: missing.length + expired.length === 0, missing, expired };
}

/** The places that proven heads name above each sender's highest log entry. */
async function tails(store: Store): Promise<readonly SequenceSpan[]> {
  const spans: SequenceSpan[] = [];
  for (const { sender, sequence: to } of await store.heads()) {
    const from = (await store.highestSequence(sender)) + 1;
    if (from <= to) spans.push({ sender, from, to });
  }
  return spans;
}
