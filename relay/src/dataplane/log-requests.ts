import { PAGE_ITEMS_MAX } from '@0k-sync/generated/limits';
import type { Envelope } from '@0k-sync/generated/wire/envelope';
import type { LogSegment, Pull, Subscribe } from '@0k-sync/generated/wire/frame';
import { type GroupRow, StorageError, type Stretch } from '../store/port.ts';
import { type Carrier, RETRY_AFTER_MS } from './carrier.ts';
import type { GroupListener } from './registry.ts';
import { Subscription, segmentOf } from './subscription.ts';

/** A member's reads of the log: Pull, Subscribe and Credit. They throw StorageError. RL-40 to RL-47. */
export class LogRequests implements GroupListener {
  readonly #carrier: Carrier;
  readonly #group: GroupRow;
  #subscription: Subscription | undefined;
  #delivered = 0;
  #turn: NodeJS.Immediate | undefined;
  #retry: NodeJS.Timeout | undefined;

  constructor(carrier: Carrier, group: GroupRow) {
    this.#carrier = carrier;
    this.#group = group;
  }

  /** Highest cursor delivered to this session. RL-48. */
  get delivered(): number {
    return this.#delivered;
  }

  close(): void {
    this.#carrier.services.registry.remove(this.#group, this);
    this.#subscription = undefined;
    clearImmediate(this.#turn);
    clearTimeout(this.#retry);
  }

  /** @returns false when the log is not the one that the client has read. RL-42. */
  pull(requestId: number, { after, hashAtAfter, bytesMax }: Pull): boolean {
    const { config } = this.#carrier.services;
    if (!this.#continues(Number(after), hashAtAfter)) return false;
    const stretch = this.#read(Number(after), Math.min(bytesMax, config.limits.page_bytes_max), PAGE_ITEMS_MAX);
    this.#noteDelivery(stretch.next, stretch.envelopes.length);
    const hasMore = stretch.next < stretch.head;
    this.#carrier.engine.answer(requestId, { $case: 'page', value: { segment: segmentOf(stretch), hasMore } });
    return true;
  }

  /** @returns false as `pull` does */
  subscribe({ after, hashAtAfter, creditBytes }: Subscribe): boolean {
    const { config, registry } = this.#carrier.services;
    if (!this.#continues(Number(after), hashAtAfter)) return false;
    const subscription = new Subscription({
      after: Number(after),
      creditBytes,
      creditBytesMax: config.limits.credit_bytes_max,
      pageBytesMax: config.limits.page_bytes_max,
      read: (from, bytesMax, itemsMax) => this.#read(from, bytesMax, itemsMax),
      deliver: (segment) => this.#deliver(segment),
      later: () => this.#catchUpLater(),
    });
    subscription.start();
    this.#subscription = subscription;
    registry.add(this.#group, this);
    return true;
  }

  credit(bytes: number): void {
    this.#guard((subscription) => subscription.addCredit(bytes));
  }

  appended(envelopes: readonly Envelope[]): void {
    this.#guard((subscription) => subscription.appended(envelopes));
  }

  #catchUpLater(): void {
    clearImmediate(this.#turn);
    this.#turn = setImmediate(() => this.#guard((subscription) => subscription.catchUp()));
  }

  /** A subscription that was answered outlives a failure of storage: it goes on when that works again. RL-66. */
  #guard(act: (subscription: Subscription) => void): void {
    if (this.#subscription === undefined) return;
    try {
      act(this.#subscription);
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      clearTimeout(this.#retry);
      this.#retry = setTimeout(() => this.#guard((subscription) => subscription.catchUp()), RETRY_AFTER_MS);
    }
  }

  #continues(after: number, hash: Uint8Array): boolean {
    const { store, expiredUntil } = this.#carrier.services;
    return store.continues({ group: this.#group, after, hash, expiredUntilMs: expiredUntil() });
  }

  #read(after: number, bytesMax: number, itemsMax: number): Stretch {
    const { store, expiredUntil } = this.#carrier.services;
    return store.readStretch({ group: this.#group, after, bytesMax, itemsMax, expiredUntilMs: expiredUntil() });
  }

  #deliver(segment: LogSegment): void {
    this.#noteDelivery(Number(segment.next), segment.envelopes.length);
    this.#carrier.engine.deliver({ segment });
    this.#carrier.schedule();
  }

  #noteDelivery(cursor: number, items: number): void {
    this.#delivered = Math.max(this.#delivered, cursor);
    this.#carrier.services.observer.delivered(items);
  }
}
