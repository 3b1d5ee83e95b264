import { toHex } from '@0k-sync/core/bytes';
import { Coalescer } from '../async/coalescer.ts';
import type { Store } from '../store/port.ts';
import type { OutboxEntry } from '../store/types.ts';
import { enqueueing, findReplaced, type Replaced } from './collapse.ts';
import type { Outbox } from './outbox.ts';
import type { PushReceipt } from './receipt.ts';

/** Collaborators of Additions. */
export interface AdditionsDeps {
  readonly store: Store;
  readonly outbox: Outbox;
  /** Runs the work while nothing is sealed. */
  readonly exclusive: <Result>(work: () => Promise<Result>) => Promise<Result>;
  /** Tells the links that the outbox has something new. */
  readonly wake: () => void;
}

/** Puts messages into the durable queue: one transaction for all that come in one turn of the event loop. CL-20. */
export class Additions {
  readonly #deps: AdditionsDeps;
  readonly #coalescer = new Coalescer((entries: readonly OutboxEntry[]) => this.#addTogether(entries));

  constructor(deps: AdditionsDeps) {
    this.#deps = deps;
  }

  /**
   * Queues messages durably, all or none. Rejects with SyncError kind `store` when the queue is full or the store fails,
   * and with the reason of a signal that aborts before.
   */
  async add(entries: readonly OutboxEntry[], signal?: AbortSignal): Promise<readonly PushReceipt[]> {
    const { outbox } = this.#deps;
    if (entries.length === 0) return [];
    outbox.reserve(entries.length);
    try {
      return await this.#coalescer.run(entries, signal);
    } catch (error) {
      outbox.reserve(-entries.length);
      throw error;
    }
  }

  async #addTogether(entries: readonly OutboxEntry[]): Promise<readonly PushReceipt[]> {
    const receipts = await this.#commit(entries);
    this.#deps.wake();
    return receipts;
  }

  async #commit(entries: readonly OutboxEntry[]): Promise<readonly PushReceipt[]> {
    const { outbox, exclusive } = this.#deps;
    if (entries.some(({ collapseKey }) => collapseKey !== undefined)) {
      return await exclusive(() => this.#replace(entries));
    }
    return this.#receiptsFor(entries, (await outbox.sealAtOnce(entries)) ?? (await this.#queue(entries, new Map())));
  }

  /** Queues entries in place of those with the same collapse keys. */
  async #replace(entries: readonly OutboxEntry[]): Promise<readonly PushReceipt[]> {
    const { store, outbox } = this.#deps;
    const replaced = await findReplaced(store, entries);
    const receipts = this.#receiptsFor(entries, await this.#queue(entries, replaced));
    outbox.reserve(-replaced.size);
    for (const [index, entry] of entries.entries()) {
      const old = replaced.get(entry);
      if (old !== undefined) outbox.receipts.replace(toHex(old), receipts[index] as PushReceipt);
    }
    return receipts;
  }

  async #queue(entries: readonly OutboxEntry[], replaced: Replaced): Promise<readonly number[]> {
    const { store, outbox } = this.#deps;
    const positions = await store.commit(entries.flatMap((entry) => enqueueing(entry, replaced.get(entry))));
    outbox.noteQueued();
    return positions;
  }

  #receiptsFor(entries: readonly OutboxEntry[], positions: readonly number[]): readonly PushReceipt[] {
    const { receipts } = this.#deps.outbox;
    return entries.map(({ id }, index) => receipts.receiptFor(toHex(id), positions[index] ?? 0));
  }
}
