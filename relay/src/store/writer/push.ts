import { timingSafeEqual } from 'node:crypto';
import { envelopeHash } from '@0k-sync/core/envelope';
import type { Envelope } from '@0k-sync/generated/wire/envelope';
import { PushStatus } from '@0k-sync/generated/wire/frame';
import type { Push, PushItem, PushRefusal, PushResult } from '../port.ts';
import type { Context } from './context.ts';
import type { DeviceState, GroupState } from './ledger.ts';
import type { StoredEnvelope } from './statements.ts';

/** Tries the items in order. The first refusal ends the push, and the items before it stay stored. RL-20. */
export function push(context: Context, { group, device, items }: Omit<Push, 'kind' | 'requestId'>): PushResult[] {
  const groupState = context.ledger.group(group);
  const deviceState = context.ledger.device(device);
  // Enrolment is checked inside the transaction, not only at Hello. RL-29.
  if (groupState === undefined || deviceState === undefined || deviceState.group !== group) {
    return [refused({ error: 'UNAUTHORIZED' })];
  }
  const results: PushResult[] = [];
  for (const item of items) {
    const result = pushItem(context, groupState, deviceState, item);
    results.push(result);
    if (result.status === PushStatus.PUSH_STATUS_REFUSED) break;
  }
  return results;
}

function pushItem(context: Context, group: GroupState, device: DeviceState, item: PushItem): PushResult {
  if (item.epoch > group.epoch) return refused({ error: 'EPOCH_UNKNOWN' });
  const hash = envelopeHash(context.crypto, item.envelope);
  if (item.sequence <= device.headSequence) return repeat(context, device, item, hash);
  if (!continuesChain(device, item)) return refused({ error: 'CHAIN_BROKEN' });
  const cost = costOf(item);
  const { bytesMax, envelopesMax } = context.quotas;
  if (group.bytes + cost > bytesMax || group.envelopes + 1 > envelopesMax) {
    return refused({ error: 'GROUP_QUOTA_EXCEEDED' });
  }
  return store(context, group, device, item, hash, cost);
}

/** A sender's first envelope, and one flagged `skip`, may begin anywhere above the head. RL-24. */
function continuesChain(device: DeviceState, { sequence, previous, skip }: PushItem): boolean {
  if (device.headHash === undefined || skip) return true;
  return sequence === device.headSequence + 1 && equal(previous, device.headHash);
}

function store(
  context: Context,
  group: GroupState,
  device: DeviceState,
  item: PushItem,
  hash: Uint8Array,
  cost: number,
): PushResult {
  const cursor = group.head + 1;
  const receivedAtMs = Math.max(group.receivedAtMs, context.nowMs);
  const { header, nonce, ciphertext, signature } = item.envelope;
  context.statements.insertEnvelope.run(
    group.row,
    cursor,
    device.row,
    item.sequence,
    receivedAtMs,
    hash,
    header,
    nonce,
    ciphertext,
    signature,
  );
  group.head = cursor;
  group.receivedAtMs = receivedAtMs;
  group.bytes += cost;
  group.envelopes += 1;
  device.headSequence = item.sequence;
  device.headHash = hash;
  context.ledger.groupChanged(group);
  context.ledger.deviceChanged(device);
  return { status: PushStatus.PUSH_STATUS_ACCEPTED, cursor, receivedAtMs, refusal: undefined };
}

/** Answers a sequence that is not above the head. RL-25 to RL-27. */
function repeat({ statements }: Context, device: DeviceState, item: PushItem, hash: Uint8Array): PushResult {
  const stored = statements.envelopeBySequence.get(device.row, item.sequence);
  if (stored === undefined) return removedOrForked(device, item, hash);
  if (equal(stored.hash, hash)) {
    return { status: PushStatus.PUSH_STATUS_DUPLICATE, cursor: stored.cursor, receivedAtMs: 0, refusal: undefined };
  }
  return refused({ error: 'SEQUENCE_CONFLICT', conflict: envelopeOf(stored) });
}

/** Answers a sequence that is removed: only the hash of the sender's head is still known. RL-26. */
function removedOrForked(device: DeviceState, item: PushItem, hash: Uint8Array): PushResult {
  const isHead = item.sequence === device.headSequence;
  if (isHead && device.headHash !== undefined && !equal(hash, device.headHash)) {
    return refused({ error: 'CHAIN_BROKEN' });
  }
  return { status: PushStatus.PUSH_STATUS_REMOVED, cursor: 0, receivedAtMs: 0, refusal: undefined };
}

function refused(refusal: PushRefusal): PushResult {
  return { status: PushStatus.PUSH_STATUS_REFUSED, cursor: 0, receivedAtMs: 0, refusal };
}

function costOf({ envelope }: PushItem): number {
  const { header, nonce, ciphertext, signature } = envelope;
  return header.length + nonce.length + ciphertext.length + signature.length;
}

function envelopeOf({ header, nonce, ciphertext, signature, cursor, received_at_ms }: StoredEnvelope): Envelope {
  return { header, nonce, ciphertext, signature, cursor: BigInt(cursor), receivedAtMs: BigInt(received_at_ms) };
}

function equal(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && timingSafeEqual(left, right);
}
