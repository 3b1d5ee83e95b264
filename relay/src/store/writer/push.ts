import { PushStatus } from '@0k-sync/generated/wire/frame';
import type { Push, PushItem, PushResult } from '../port.ts';
import { backfill, runOf } from './backfill.ts';
import type { Context } from './context.ts';
import type { DeviceState } from './ledger.ts';
import { duplicate, equal, refused, removed } from './results.ts';
import type { StoredEnvelope } from './statements.ts';
import { type HashedItem, hashItem, type Log, lacksRoomFor, storeItem } from './store-item.ts';
import { headStub, stubOf } from './stubs.ts';

/** Tries the items in order. The first refusal ends the push, and the items before it stay stored. RL-20. */
export function push(context: Context, { group, device, items }: Omit<Push, 'kind' | 'requestId'>): PushResult[] {
  const groupState = context.ledger.group(group);
  const deviceState = context.ledger.device(device);
  // Enrolment is checked inside the transaction, not only at Hello. RL-29.
  if (groupState === undefined || deviceState === undefined || deviceState.group !== group) {
    return [refused({ error: 'UNAUTHORIZED' })];
  }
  const log: Log = { group: groupState, device: deviceState };
  const results: PushResult[] = [];
  for (let item = items[0]; item !== undefined; item = items[results.length]) {
    if (item.sequence > sequenceOf(deviceState)) results.push(append(context, log, item));
    else results.push(...insert(context, log, item, items.slice(results.length)));
    if (results.at(-1)?.status === PushStatus.PUSH_STATUS_REFUSED) break;
  }
  return results;
}

/** Puts an item above the head. What it jumps over is a hole. RL-23, RL-24, RL-26. */
function append(context: Context, log: Log, item: PushItem): PushResult {
  const { group, device } = log;
  if (item.epoch > group.epoch) return refused({ error: 'EPOCH_UNKNOWN' });
  if (!continuesChain(device, item)) return refused({ error: 'CHAIN_BROKEN' });
  if (lacksRoomFor(context, group, [item])) return refused({ error: 'GROUP_QUOTA_EXCEEDED' });
  const first = sequenceOf(device) + 1;
  if (item.sequence > first) {
    device.holes.add({ first, last: item.sequence - 1, previous: item.previous.slice() });
    context.ledger.holesChanged(device);
  }
  const hashed = hashItem(context, item);
  device.head = { sequence: item.sequence, hash: hashed.hash };
  context.ledger.deviceChanged(device);
  return storeItem(context, log, hashed);
}

/** A sender's first envelope, and one flagged `skip`, may begin anywhere above the head. RL-24. */
function continuesChain(device: DeviceState, { sequence, previous, skip }: PushItem): boolean {
  if (device.head === undefined || skip) return true;
  return sequence === device.head.sequence + 1 && equal(previous, device.head.hash);
}

function sequenceOf({ head }: DeviceState): number {
  return head?.sequence ?? 0;
}

/** Answers an item at or below the head, or the whole run that begins with it. RL-25 to RL-27, RL-32. */
function insert(context: Context, log: Log, item: PushItem, items: readonly PushItem[]): readonly PushResult[] {
  const { group, device } = log;
  if (item.epoch > group.epoch) return [refused({ error: 'EPOCH_UNKNOWN' })];
  const stored = context.statements.storedBySequence.get(device.row, item.sequence);
  const hole = stored === undefined ? device.holes.at(item.sequence) : undefined;
  if (hole !== undefined) return backfill(context, log, hole, runOf(context, device, hole, items));
  const hashed = hashItem(context, item);
  return [stored === undefined ? removedOrForked(context, device, hashed) : repeat(stored, hashed)];
}

/** Answers a sequence that is stored. RL-25, RL-27. */
function repeat(stored: StoredEnvelope, { hash }: HashedItem): PushResult {
  if (equal(stored.hash, hash)) return duplicate(stored.cursor);
  return refused({ error: 'SEQUENCE_CONFLICT', conflict: stubOf(stored) });
}

/** Answers a sequence that was removed: only the sender's head is still known. RL-26, RL-27. */
function removedOrForked(context: Context, device: DeviceState, { item, hash }: HashedItem): PushResult {
  const { head } = device;
  if (item.sequence !== head?.sequence || equal(hash, head.hash)) return removed();
  return refused({ error: 'SEQUENCE_CONFLICT', conflict: headStub(context, device) });
}
