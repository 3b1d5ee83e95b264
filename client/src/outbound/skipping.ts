import { type Sequences, skippedOf } from '@0k-sync/core/envelope';
import { SKIPPED_RANGES_MAX } from '@0k-sync/generated/limits';
import type { Change, Store } from '../store/port.ts';
import { contentOf } from './stored-content.ts';

/** The changes that drop a sealed entry: nobody will get its sequence, and the next plaintext says so. CL-25, EN-29. */
export async function retractSealed(store: Store, sender: Uint8Array, sequence: number): Promise<readonly Change[]> {
  const entry = await store.entryBySequence(sender, sequence);
  const lost = entry === undefined ? [] : skippedOf(contentOf(entry)); // nobody will read those names either
  const unnamed = [...lost, { from: sequence, to: sequence }];
  return [
    { kind: 'retract', sender, sequence },
    ...unnamed.map(({ from, to }) => ({ kind: 'skip', skip: { sender, from, to, named: false } }) as const),
  ];
}

/** The own sequences to name in the next plaintext, ascending, at most SKIPPED_RANGES_MAX ranges. EN-29. */
export async function unnamedSkips(store: Store, sender: Uint8Array): Promise<readonly Sequences[]> {
  const ranges: { from: number; to: number }[] = [];
  for (const { from, to, named } of await store.skipsOf(sender)) {
    const before = ranges.at(-1);
    if (named) continue;
    if (before !== undefined && from <= before.to + 1) before.to = Math.max(before.to, to);
    else ranges.push({ from, to });
  }
  return ranges.slice(0, SKIPPED_RANGES_MAX);
}

/** The changes that note that a plaintext names these sequences. EN-29. */
export async function nameSkips(
  store: Store,
  sender: Uint8Array,
  ranges: readonly Sequences[],
): Promise<readonly Change[]> {
  const skips = ranges.length === 0 ? [] : await store.skipsOf(sender);
  const isNamed = (from: number) => ranges.some((range) => range.from <= from && from <= range.to);
  return skips.flatMap((skip) =>
    isNamed(skip.from) ? [{ kind: 'skip', skip: { ...skip, named: true } } as const] : [],
  );
}
