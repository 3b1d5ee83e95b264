import type { PushItem, PushResult } from '../port.ts';
import type { Context } from './context.ts';
import type { DeviceState, GroupState } from './ledger.ts';
import { accepted } from './results.ts';

/** The log that a push goes to, and its sender. */
export interface Log {
  readonly group: GroupState;
  readonly device: DeviceState;
}

/** An item with its H, 32 bytes. */
export interface HashedItem {
  readonly item: PushItem;
  readonly hash: Uint8Array;
}

/** True if the group's quotas have no room for all of the items. RL-28. */
export function lacksRoomFor({ quotas }: Context, group: GroupState, items: readonly PushItem[]): boolean {
  let bytes = group.bytes;
  for (const item of items) bytes += costOf(item);
  return bytes > quotas.bytesMax || group.envelopes + items.length > quotas.envelopesMax;
}

/** Stores an item with the next cursor. The sender's head is the caller's business. RL-30. */
export function storeItem(context: Context, { group, device }: Log, { item, hash }: HashedItem): PushResult {
  const cursor = group.head + 1;
  const receivedAtMs = Math.max(group.receivedAtMs, context.retentionMs);
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
  group.bytes += costOf(item);
  group.envelopes += 1;
  context.ledger.groupChanged(group);
  return accepted(cursor, receivedAtMs);
}

function costOf({ envelope }: PushItem): number {
  const { header, nonce, ciphertext, signature } = envelope;
  return header.length + nonce.length + ciphertext.length + signature.length;
}
