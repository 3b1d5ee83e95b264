import { envelopeCost } from '@0k-sync/core/session';
import { PAGE_ITEMS_MAX } from '@0k-sync/generated/limits';
import type { Envelope } from '@0k-sync/generated/wire/envelope';
import type { LogSegment } from '@0k-sync/generated/wire/frame';
import type { Stretch } from '../../store/port.ts';

/** Reads one stretch of the group's log above `after`. */
export type ReadStretch = (after: number, bytesMax: number, itemsMax: number) => Stretch;

/** The place where a subscription begins, and the credit of its Subscribe, bytes. RL-44, RL-45. */
export interface SubscriptionStart {
  readonly after: number;
  readonly creditBytes: number;
}

/** The relay's limits of a subscription, bytes. */
export interface SubscriptionConfig {
  readonly creditBytesMax: number;
  readonly pageBytesMax: number;
}

/** The collaborators of a subscription. */
export interface SubscriptionDeps {
  readonly read: ReadStretch;
  readonly deliver: (segment: LogSegment) => void;
  /** Asks for a turn, in which `catchUp` is called: one subscriber's backlog delays nobody else. RL-73. */
  readonly later: () => void;
}

/** Converts a stretch to the wire's segment. RL-41. */
export function segmentOf({ after, removedThrough, envelopes, next, head }: Stretch): LogSegment {
  return {
    after: BigInt(after),
    removedThrough: BigInt(removedThrough),
    envelopes: [...envelopes],
    next: BigInt(next),
    head: BigInt(head),
  };
}

/**
 * Delivers the backlog, then new envelopes, in cursor order, as far as credit goes. It keeps no queue. RL-44 to RL-46.
 */
export class Subscription {
  readonly #config: SubscriptionConfig;
  readonly #deps: SubscriptionDeps;
  #after: number;
  #credit: number;
  /** True when the log may hold envelopes that were not delivered. */
  #isBehind = true;

  constructor({ after, creditBytes }: SubscriptionStart, config: SubscriptionConfig, deps: SubscriptionDeps) {
    this.#config = config;
    this.#deps = deps;
    this.#after = after;
    this.#credit = Math.min(creditBytes, config.creditBytesMax);
  }

  /** Makes the first delivery, even if it is empty. */
  start(): void {
    this.#deliver(this.#readNext());
    this.#goOnLater();
  }

  /** True when there are a backlog and credit for it. */
  get isDue(): boolean {
    return this.#isBehind && this.#credit > 0;
  }

  addCredit(bytes: number): void {
    this.#credit = Math.min(this.#credit + bytes, this.#config.creditBytesMax);
    this.#goOnLater();
  }

  /**
   * Delivers new envelopes from memory if they continue what was delivered and fit one segment; the rest comes from the
   * log. @param isCongested true when nothing may be delivered now. RL-72.
   */
  appended(envelopes: readonly Envelope[], isCongested: boolean): void {
    const first = envelopes[0];
    if (first === undefined) return;
    const known = this.#after + 1 - Number(first.cursor);
    if (known >= envelopes.length) return;
    if (this.#isBehind || known < 0 || isCongested || this.#credit <= 0) this.#isBehind = true;
    else this.#deliverNew(known === 0 ? envelopes : envelopes.slice(known));
    this.#goOnLater();
  }

  /** Delivers one stretch of the backlog, if there are a backlog and credit. */
  catchUp(): void {
    if (!this.isDue) return;
    const stretch = this.#readNext();
    if (stretch.next > stretch.after) this.#deliver(stretch);
  }

  #goOnLater(): void {
    if (this.isDue) this.#deps.later();
  }

  #deliverNew(envelopes: readonly Envelope[]): void {
    const head = this.#after + envelopes.length;
    const fitting = envelopes.slice(0, this.#countFitting(envelopes));
    const next = this.#after + fitting.length;
    this.#deliver({ after: this.#after, removedThrough: this.#after, envelopes: fitting, next, head });
    this.#isBehind = next < head;
  }

  /** Counts the envelopes that fit one segment; at least one. RL-40, RL-45. */
  #countFitting(envelopes: readonly Envelope[]): number {
    const bytesMax = Math.min(this.#credit, this.#config.pageBytesMax);
    const itemsMax = Math.min(envelopes.length, PAGE_ITEMS_MAX);
    let bytes = 0;
    for (let count = 0; count < itemsMax; count += 1) {
      bytes += envelopeCost(envelopes[count] as Envelope);
      if (bytes > bytesMax) return Math.max(1, count);
    }
    return itemsMax;
  }

  #readNext(): Stretch {
    const itemsMax = this.#credit > 0 ? PAGE_ITEMS_MAX : 0;
    const stretch = this.#deps.read(this.#after, Math.min(this.#credit, this.#config.pageBytesMax), itemsMax);
    this.#isBehind = stretch.next < stretch.head;
    return stretch;
  }

  #deliver(stretch: Stretch): void {
    for (const envelope of stretch.envelopes) this.#credit -= envelopeCost(envelope);
    this.#after = stretch.next;
    this.#deps.deliver(segmentOf(stretch));
  }
}
