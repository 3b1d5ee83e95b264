import { toHex } from '@0k-sync/core/bytes';
import type { Store } from '../store/port.ts';
import { readOutbox } from '../store/read-outbox.ts';
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
  if (queued !== undefined && !outbox.isAcknowledged(id)) {
    return { plaintext: queued.plaintext, receipt: outbox.receipts.receiptFor(name, queued.position) };
  }
  const entry = await store.entryByMessageId(sender, id);
  if (entry === undefined) return undefined;
  const { plaintext, position } = entry;
  return { plaintext, receipt: outbox.receipts.storedReceipt(name, position, { relay, durable: true }) };
}

/** The receipts of everything that no relay has acknowledged. */
export async function waitingReceipts({ store, outbox }: EarlierDeps): Promise<readonly PushReceipt[]> {
  const waiting: PushReceipt[] = [];
  for await (const { id, position } of readOutbox(store)) {
    if (!outbox.isAcknowledged(id)) waiting.push(outbox.receipts.receiptFor(toHex(id), position));
  }
  return waiting;
}
