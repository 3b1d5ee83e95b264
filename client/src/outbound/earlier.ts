import { toHex } from '@0k-sync/core/bytes';
import type { Store } from '../store/port.ts';
import { readOutbox } from '../store/read-outbox.ts';
import type { StoredOutboxEntry } from '../store/types.ts';
import type { Outbox } from './outbox.ts';
import type { PushReceipt } from './receipt.ts';

/** An earlier push with the same message id. */
export interface EarlierPush {
  /** The encoded Message; empty when it is not known any more. */
  readonly plaintext: Uint8Array;
  readonly receipt: PushReceipt | Promise<PushReceipt>;
}

interface EarlierDeps {
  readonly store: Store;
  readonly outbox: Outbox;
}

/** Finds an earlier push with this message id by `sender`: queued, or stored by `relay`. EN-16. */
export async function findEarlier(
  { store, outbox }: EarlierDeps,
  id: Uint8Array,
  sender: Uint8Array,
  relay: string,
): Promise<EarlierPush | undefined> {
  const name = toHex(id);
  const queued = await store.outboxEntry(id);
  const receipt = queued && (await receiptOf({ store, outbox }, queued));
  if (queued !== undefined && receipt !== undefined) return { plaintext: queued.plaintext, receipt };
  const entry = await store.entryByMessageId(sender, id);
  if (entry === undefined) return undefined;
  const { plaintext, position } = entry;
  return { plaintext, receipt: outbox.receipts.storedReceipt(name, position, { relay, durable: true }) };
}

/** The receipts of everything that no relay has acknowledged. */
export async function waitingReceipts({ store, outbox }: EarlierDeps): Promise<readonly PushReceipt[]> {
  const waiting: PushReceipt[] = [];
  for await (const entry of readOutbox(store)) {
    const receipt = await receiptOf({ store, outbox }, entry);
    if (receipt !== undefined) waiting.push(receipt);
  }
  return waiting;
}

/**
 * The receipt of a message that was found in the outbox; undefined when it has left the outbox since it was read, because
 * then nothing settles a new receipt any more.
 */
async function receiptOf(
  { store, outbox }: EarlierDeps,
  { id, position }: Pick<StoredOutboxEntry, 'id' | 'position'>,
): Promise<PushReceipt | undefined> {
  const { receipts } = outbox;
  const name = toHex(id);
  const known = receipts.pending(name);
  if (known !== undefined) return known;
  if (outbox.isAcknowledged(id)) return undefined;
  const receipt = receipts.receiptFor(name, position);
  const isThere = (await store.outboxEntry(id)) !== undefined;
  if (isThere || receipt.stored) return receipt;
  receipts.forget(name);
  return undefined;
}
