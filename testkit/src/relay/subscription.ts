import { envelopeCost } from '@0k-sync/core/session';
import { PAGE_ITEMS_MAX } from '@0k-sync/generated/limits';
import type { LogSegment } from '@0k-sync/generated/wire/frame';

/** The cursor and the credit of a subscription. RL-44, RL-45. */
export class Subscription {
  after: number;
  credit: number;
  readonly #creditMax: number;

  constructor(after: number, creditBytes: number, creditMax: number) {
    this.after = after;
    this.#creditMax = creditMax;
    this.credit = Math.min(creditBytes, creditMax);
  }

  /** Envelopes that the next Deliver may have at most. */
  get itemsMax(): number {
    return this.credit > 0 ? PAGE_ITEMS_MAX : 0;
  }

  addCredit(bytes: number): void {
    this.credit = Math.min(this.credit + bytes, this.#creditMax);
  }

  took({ envelopes, next }: LogSegment): void {
    this.credit -= envelopes.reduce((sum, envelope) => sum + envelopeCost(envelope), 0);
    this.after = Number(next);
  }
}
