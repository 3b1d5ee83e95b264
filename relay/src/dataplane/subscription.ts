import { envelopeCost } from '@0k-sync/core/session';
import { CREDIT_BYTES_MAX, PAGE_ITEMS_MAX } from '@0k-sync/generated/limits';
import type { Envelope } from '@0k-sync/generated/wire/envelope';
import type { LogSegment } from '@0k-sync/generated/wire/frame';
import type { Stretch } from '../store/port.ts';

/** Reads one stretch of the group's log above `after`. */
export type ReadStretch = (after: number, bytesMax: number) => Stretch;

export interface SubscriptionSettings {
  readonly after: number;
  readonly creditBytes: number;
  readonly pageBytesMax: number;
  readonly read: ReadStretch;
  readonly deliver: (segment: LogSegment) => void;
}

/** A stretch as it goes over the wire. RL-41. */
export function segmentOf({ after, removedThrough, envelopes, next, head }: Stretch): LogSegment {
  return {
    after: BigInt(after),
    removedThrough: BigInt(removedThrough),
    envelopes: [...envelopes],
    next: BigInt(next),
    head: BigInt(head),
  };
}

/** Backlog, then live, in cursor order, as far as credit goes; holds no queue of its own. RL-44 to RL-46. */
export class Subscription {
  readonly #settings: SubscriptionSettings;
  #after: number;
  #credit: number;
  /** Whether the log may hold more than was delivered. */
  #isBehind = true;

  constructor(settings: SubscriptionSettings) {
    this.#settings = settings;
    this.#after = settings.after;
    this.#credit = Math.min(settings.creditBytes, CREDIT_BYTES_MAX);
  }

  /** Highest cursor delivered or skipped as removed. */
  get after(): number {
    return this.#after;
  }

  /** The first delivery, also when it is empty, and the backlog. */
  start(): void {
    this.#deliverStretch();
    this.#catchUp();
  }

  addCredit(bytes: number): void {
    this.#credit = Math.min(this.#credit + bytes, CREDIT_BYTES_MAX);
    this.#catchUp();
  }

  /** New envelopes of the group: from memory when they continue what was delivered, otherwise from the log. */
  appended(envelopes: readonly Envelope[]): void {
    const first = envelopes[0];
    if (first === undefined) return;
    if (this.#isBehind || Number(first.cursor) !== this.#after + 1 || envelopes.length > PAGE_ITEMS_MAX) {
      this.#isBehind = true;
      this.#catchUp();
      return;
    }
    const fitting = this.#withinCredit(envelopes);
    this.#isBehind = fitting.length < envelopes.length;
    if (fitting.length === 0) return;
    const head = this.#after + envelopes.length;
    const next = this.#after + fitting.length;
    this.#deliver({ after: this.#after, removedThrough: this.#after, envelopes: fitting, next, head });
  }

  #withinCredit(envelopes: readonly Envelope[]): readonly Envelope[] {
    let credit = this.#credit;
    const count = envelopes.findIndex((envelope) => {
      if (credit <= 0) return true;
      credit -= envelopeCost(envelope);
      return false;
    });
    return count === -1 ? envelopes : envelopes.slice(0, count);
  }

  #catchUp(): void {
    while (this.#isBehind && this.#credit > 0) this.#deliverStretch();
  }

  #deliverStretch(): void {
    const stretch = this.#settings.read(this.#after, Math.min(this.#credit, this.#settings.pageBytesMax));
    this.#isBehind = stretch.next < stretch.head;
    this.#deliver(stretch);
  }

  #deliver(stretch: Stretch): void {
    for (const envelope of stretch.envelopes) this.#credit -= envelopeCost(envelope);
    this.#after = stretch.next;
    this.#settings.deliver(segmentOf(stretch));
  }
}
