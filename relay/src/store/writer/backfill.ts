import type { PushItem, PushResult } from '../port.ts';
import type { Context } from './context.ts';
import type { Hole } from './holes.ts';
import type { DeviceState } from './ledger.ts';
import { equal, refused } from './results.ts';
import { type HashedItem, hashItem, type Log, lacksRoomFor, storeItem } from './store-item.ts';

/** Items that lie in one hole and follow each other in their sender's chain; at least one. RL-32. */
export type Run = readonly HashedItem[];

/**
 * Cuts the run that begins with the first of some items. RL-32.
 * @param items the first one lies in the hole and is not stored
 */
export function runOf(context: Context, device: DeviceState, hole: Hole, items: readonly PushItem[]): Run {
  const run: HashedItem[] = [];
  for (const item of items) {
    const before = run.at(-1);
    if (before !== undefined && !follows(before, item, hole)) break;
    // Two holes that became one may have stored envelopes between them. RL-34.
    if (context.statements.storedBySequence.get(device.row, item.sequence) !== undefined) break;
    run.push(hashItem(context, item));
  }
  return run;
}

function follows(before: HashedItem, { sequence, previous }: PushItem, hole: Hole): boolean {
  return sequence === before.item.sequence + 1 && sequence <= hole.last && equal(previous, before.hash);
}

/**
 * Stores a run below the envelope that vouches for it, or refuses its first item. The head stays. RL-32, RL-33.
 * @returns one result for each item of the run, or the refusal
 */
export function backfill(context: Context, log: Log, hole: Hole, run: Run): readonly PushResult[] {
  const { group, device } = log;
  const items = run.map(({ item }) => item);
  const last = run.at(-1);
  const [lowest] = items;
  if (lowest === undefined || last?.item.sequence !== hole.last || !equal(last.hash, hole.previous)) {
    return [refused({ error: 'CHAIN_BROKEN' })];
  }
  if (items.some(({ epoch }) => epoch > group.epoch)) return [refused({ error: 'EPOCH_UNKNOWN' })];
  if (lacksRoomFor(context, group, items)) return [refused({ error: 'GROUP_QUOTA_EXCEEDED' })];
  device.holes.fill(hole, lowest.sequence, lowest.previous.slice());
  context.ledger.holesChanged(device);
  return run.map((hashed) => storeItem(context, log, hashed));
}
