import { bodyHash, stubHash } from '@0k-sync/core/envelope';
import type { PushItem, PushResult } from '../port.ts';
import type { Context } from './context.ts';
import type { DeviceState, GroupState } from './ledger.ts';
import { accepted } from './results.ts';

/** The log that a push goes to, and its sender. */
export interface Log {
  readonly group: GroupState;
  readonly device: DeviceState;
}

/** An item with its hashes, 32 bytes each. */
export interface HashedItem {
  readonly item: PushItem;
  /** B. EN-12. */
  readonly bodyHash: Uint8Array;
  /** H. EN-12. */
  readonly hash: Uint8Array;
}

/** Computes the hashes of an item. EN-12. */
export function hashItem({ crypto }: Context, item: PushItem): HashedItem {
  const { header } = item.envelope;
  const body = bodyHash(crypto, item.envelope);
  return { item, bodyHash: body, hash: stubHash(crypto, { header, bodyHash: body }) };
}

/** True if the quotas of the group, of its creator or of the relay have no room for all of the items. RL-28, RL-81. */
export function lacksRoomFor({ quotas, ledger }: Context, group: GroupState, items: readonly PushItem[]): boolean {
  let bytes = 0;
  for (const item of items) bytes += costOf(item);
  if (group.bytes + bytes > quotas.bytesMax || group.envelopes + items.length > quotas.envelopesMax) return true;
  return ledger.usage.lacksRoomFor(group, bytes);
}

/** Stores an item with the next cursor. The sender's head is the caller's business. RL-30. */
export function storeItem(context: Context, { group, device }: Log, hashed: HashedItem): PushResult {
  const cursor = group.head + 1;
  const receivedAtMs = Math.max(group.receivedAtMs, context.retentionMs);
  const { item, hash, bodyHash } = hashed;
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
    bodyHash,
    signature,
    ciphertext,
  );
  group.head = cursor;
  group.receivedAtMs = receivedAtMs;
  context.ledger.addBytes(group, costOf(item));
  group.envelopes += 1;
  context.ledger.groupChanged(group);
  return accepted(cursor, receivedAtMs);
}

function costOf({ envelope }: PushItem): number {
  const { header, nonce, ciphertext, signature } = envelope;
  return header.length + nonce.length + ciphertext.length + signature.length;
}
