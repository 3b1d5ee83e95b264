import { envelopeCost } from '@0k-sync/core/session';
import { PAGE_ITEMS_MAX } from '@0k-sync/generated/limits';
import type { Envelope } from '@0k-sync/generated/wire/envelope';
import type { LogSegment, Pull, Subscribe } from '@0k-sync/generated/wire/frame';
import { type GroupRow, StorageError, type Stretch } from '../../store/port.ts';
import type { Carrier } from '../shared/carrier.ts';
import { STORAGE_RETRY_MS } from '../shared/retry-times.ts';
import type { GroupListener } from '../shared/subscribers.ts';
import type { MemberDeps } from './member-deps.ts';
import { Subscription, segmentOf } from './subscription.ts';

/** Returns the cost of a segment's envelopes, bytes. RL-40. */
function costOf({ envelopes }: { readonly envelopes: readonly Envelope[] }): number {
  return envelopes.reduce((sum, envelope) => sum + envelopeCost(envelope), 0);
}

/** A member's reads of the log: Pull, Subscribe and Credit. Pull and Subscribe throw StorageError. RL-40 to RL-47. */
export class LogRequests implements GroupListener {
  readonly #deps: MemberDeps;
  readonly #carrier: Carrier;
  readonly #group: GroupRow;
  #subscription: Subscription | undefined;
  #delivered = 0;
  #retry: NodeJS.Timeout | undefined;

  constructor(deps: MemberDeps) {
    this.#deps = deps;
    this.#carrier = deps.carrier;
    this.#group = deps.group;
  }

  /** Highest cursor delivered to this session. RL-48. */
  get delivered(): number {
    return this.#delivered;
  }

  close(): void {
    this.#carrier.shared.subscribers.remove(this.#group, this);
    this.#subscription = undefined;
    clearTimeout(this.#retry);
  }

  pull(requestId: number, { after, hashAtAfter, bytesMax }: Pull): void {
    const { config } = this.#carrier.shared;
    if (!this.#continues(requestId, Number(after), hashAtAfter)) return;
    const stretch = this.#read(Number(after), Math.min(bytesMax, config.limits.page_bytes_max), PAGE_ITEMS_MAX);
    this.#carrier.paged(costOf(stretch));
    this.#noteDelivery(stretch.next, stretch.envelopes.length);
    const hasMore = stretch.next < stretch.head;
    this.#carrier.engine.answer(requestId, { $case: 'page', value: { segment: segmentOf(stretch), hasMore } });
  }

  subscribe(requestId: number, { after, hashAtAfter, creditBytes }: Subscribe): void {
    const { config, subscribers } = this.#carrier.shared;
    if (!this.#continues(requestId, Number(after), hashAtAfter)) return;
    const { credit_bytes_max: creditBytesMax, page_bytes_max: pageBytesMax } = config.limits;
    const subscription = new Subscription(
      { after: Number(after), creditBytes },
      { creditBytesMax, pageBytesMax },
      {
        read: (from, bytesMax, itemsMax) => this.#read(from, bytesMax, itemsMax),
        deliver: (segment) => this.#deliver(segment),
        later: () => this.#carrier.wake(),
      },
    );
    subscription.start();
    this.#subscription = subscription;
    subscribers.add(this.#group, this);
  }

  credit(bytes: number): void {
    this.#guard((subscription) => subscription.addCredit(bytes));
  }

  appended(envelopes: readonly Envelope[]): void {
    this.#guard((subscription) => subscription.appended(envelopes, this.#carrier.isCongested));
  }

  /** True when the subscription has a backlog, credit for it, and a storage that did not fail just now. */
  get hasBacklog(): boolean {
    return this.#retry === undefined && this.#subscription?.isDue === true;
  }

  /** Delivers one stretch of the subscription's backlog, if there is one; called in a turn. */
  deliverBacklog(): void {
    this.#guard((subscription) => subscription.catchUp());
  }

  /** Runs a step of the subscription, which outlives failures of storage and catches up afterwards. RL-66. */
  #guard(act: (subscription: Subscription) => void): void {
    if (this.#subscription === undefined) return;
    try {
      act(this.#subscription);
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      clearTimeout(this.#retry);
      this.#retry = setTimeout(() => {
        this.#retry = undefined;
        this.#carrier.wake();
      }, STORAGE_RETRY_MS);
    }
  }

  /** Checks that the log still is the one that the client has read; refuses the request otherwise. RL-42. */
  #continues(requestId: number, after: number, hash: Uint8Array): boolean {
    const { store, expiredUntil } = this.#carrier.shared;
    if (store.continues({ group: this.#group, after, hash, expiredUntilMs: expiredUntil() })) return true;
    this.#deps.refuse(requestId, { error: 'ROLLED_BACK' });
    return false;
  }

  #read(after: number, bytesMax: number, itemsMax: number): Stretch {
    const { store, expiredUntil } = this.#carrier.shared;
    const bytes = Math.min(bytesMax, this.#carrier.room);
    return store.readStretch({ group: this.#group, after, bytesMax: bytes, itemsMax, expiredUntilMs: expiredUntil() });
  }

  #deliver(segment: LogSegment): void {
    this.#noteDelivery(Number(segment.next), segment.envelopes.length);
    this.#carrier.paged(costOf(segment));
    this.#carrier.engine.deliver({ segment });
    this.#carrier.schedule();
  }

  #noteDelivery(cursor: number, items: number): void {
    this.#delivered = Math.max(this.#delivered, cursor);
    this.#carrier.shared.observer.delivered(items);
  }
}
