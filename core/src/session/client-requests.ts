import type { FrameName } from '@0k-sync/generated/frames';
import { answersOf } from './frames.ts';
import { PendingRequests } from './pending-requests.ts';

const REQUEST_ID_MAX = 0xffffffff;

/** A client's requests: their numbers, which of them wait, and the one subscription. SE-04, SE-08. */
export class ClientRequests {
  readonly #pending = new PendingRequests();
  #subscription = 0;
  #last = 1;

  /** Requests without an answer yet. */
  get inFlight(): number {
    return this.#pending.size;
  }

  /** The request_id that every Deliver carries; 0 while there is no subscription. */
  get subscription(): number {
    return this.#subscription;
  }

  /** Notes a frame that is sent now. @returns its request_id, 0 for a frame without an answer */
  add(name: FrameName): number {
    if (answersOf(name).length === 0) return 0;
    const requestId = this.#freeId();
    this.#pending.add(requestId, name);
    if (name === 'Subscribe') this.#subscription = requestId;
    return requestId;
  }

  /** Takes the request that an answer ends. @returns the request's frame; undefined when the answer fits none. SE-08. */
  takeAnswered(requestId: number, answer: FrameName): FrameName | undefined {
    const request = this.#pending.take(requestId);
    return request !== undefined && answersOf(request).includes(answer) ? request : undefined;
  }

  /** Takes what a Deliver answers: the first one its Subscribe. @returns false when there is no such subscription. */
  takeDelivered(requestId: number): boolean {
    if (requestId === 0 || requestId !== this.#subscription) return false;
    this.#pending.take(requestId);
    return true;
  }

  /** Takes what an Error refuses. @returns false when it names neither a request that waits, nor the subscription, nor 0. */
  takeRefused(requestId: number): boolean {
    const request = this.#pending.take(requestId);
    const isSubscription = requestId !== 0 && requestId === this.#subscription;
    if (isSubscription) this.#subscription = 0;
    return requestId === 0 || request !== undefined || isSubscription;
  }

  #freeId(): number {
    do {
      this.#last = this.#last === REQUEST_ID_MAX ? 1 : this.#last + 1;
    } while (this.#pending.has(this.#last) || this.#last === this.#subscription);
    return this.#last;
  }
}
