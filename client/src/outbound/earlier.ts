import { toHex } from '@0k-sync/core/bytes';
import type { Store } from '../store/port.ts';
import { readOutbox } from '../store/read-outbox.ts';
import type { PushReceipt, Receipts } from './receipt.ts';

/** An earlier push with the same message id. */
export interface EarlierPush {
  /** The encoded Message; empty when it is not known any more. */
  readonly plaintext: Uint8Array;
  readonly receipt: PushReceipt | Promise<PushReceipt>;
}

/** The stored messages and the receipts of one outbox. */
interface Pushed {
  readonly store: Store;
  readonly receipts: Receipts;
}

/** Finds an earlier push with this message id by `sender`: queued, or stored by `relay`. EN-16. */
export async function findEarlier(
  { store, receipts }: Pushed,
  id: Uint8Array,
  sender: Uint8Array,
  relay: string,
): Promise<EarlierPush | undefined> {
  const name = toHex(id);
  const queued = await store.outboxEntry(id);
  if (queued !== undefined) return { plaintext: queued.plaintext, receipt: receipts.receiptFor(name, queued.position) };
  const entry = await store.entryByMessageId(sender, id);
  if (entry === undefined) return undefined;
  const { plaintext, position } = entry;
  return { plaintext, receipt: receipts.storedReceipt(name, position, { relay, durable: true }) };
}

/** The receipts of everything that no relay has acknowledged. */
export async function waitingReceipts({ store, receipts }: Pushed): Promise<readonly PushReceipt[]> {
  const waiting: PushReceipt[] = [];
  for await (const { id, position } of readOutbox(store)) waiting.push(receipts.receiptFor(toHex(id), position));
  return waiting;
}
