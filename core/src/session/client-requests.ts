import type { FrameName } from '@0k-sync/generated/frames';
import { ANSWER_ARRIVING_MS_MAX, ANSWER_MS_MAX } from '@0k-sync/generated/limits';
import { answersOf } from './frames.ts';
import { PendingRequests } from './pending-requests.ts';

const REQUEST_ID_MAX = 0xffffffff;

/** A client's requests: their ids, the ones without an answer, and the subscription. SE-04, SE-08. */
export class ClientRequests {
  readonly #pending = new PendingRequests();
  /** The time at which the network had taken a request's last byte, by request_id. */
  readonly #leftAt = new Map<number, number>();
  readonly #leaving = new Set<number>();
  #subscription = 0;
  #last = 1;

  /** The number of requests without an answer. */
  get inFlight(): number {
    return this.#pending.size;
  }

  /** The request_id that every Deliver carries; 0 without a subscription. */
  get subscription(): number {
    return this.#subscription;
  }

  /** Returns a free request_id for a frame, or 0 for a frame that has no answer. */
  nextId(name: FrameName): number {
    return answersOf(name).length === 0 ? 0 : this.#freeId();
  }

  /** Registers a frame that was written under this request_id; 0 registers nothing. */
  add(requestId: number, name: FrameName): void {
    if (requestId === 0) return;
    this.#pending.add(requestId, name);
    if (name !== 'Ping') this.#leaving.add(requestId);
    if (name === 'Subscribe') this.#subscription = requestId;
  }

  /** Tells that the network has taken everything written so far. */
  noteLeft(now: number): void {
    for (const requestId of this.#leaving) this.#leftAt.set(requestId, now);
    this.#leaving.clear();
  }

  /** The time at which the first request is overdue; Infinity without one. `isArriving`: a frame is partly there. SE-25. */
  overdueAt(isArriving: boolean): number {
    const [first = Number.POSITIVE_INFINITY] = this.#leftAt.values();
    return first + (isArriving ? ANSWER_ARRIVING_MS_MAX : ANSWER_MS_MAX);
  }

  /** Ends the request that is answered. @returns its frame; undefined when the answer fits no request. SE-08. */
  takeAnswered(requestId: number, answer: FrameName): FrameName | undefined {
    const request = this.#take(requestId);
    return request !== undefined && answersOf(request).includes(answer) ? request : undefined;
  }

  /** Matches a Deliver with the subscription; the first one answers the Subscribe. @returns false without a match */
  takeDelivered(requestId: number): boolean {
    if (requestId === 0 || requestId !== this.#subscription) return false;
    this.#take(requestId);
    return true;
  }

  /** Ends the request or subscription that an Error refuses; 0 names neither. @returns false for another request_id */
  takeRefused(requestId: number): boolean {
    const request = this.#take(requestId);
    const isSubscription = requestId !== 0 && requestId === this.#subscription;
    if (isSubscription) this.#subscription = 0;
    return requestId === 0 || request !== undefined || isSubscription;
  }

  #take(requestId: number): FrameName | undefined {
    this.#leaving.delete(requestId);
    this.#leftAt.delete(requestId);
    return this.#pending.take(requestId);
  }

  #freeId(): number {
    do {
      this.#last = this.#last === REQUEST_ID_MAX ? 1 : this.#last + 1;
    } while (this.#pending.has(this.#last) || this.#last === this.#subscription);
    return this.#last;
  }
}
