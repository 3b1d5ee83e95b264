import type { ErrorName } from '@0k-sync/generated/errors';
import type { FrameName, FramesOf } from '@0k-sync/generated/frames';
import { answersOf } from './frames.ts';
import { PendingRequests } from './pending-requests.ts';

/** A client's requests as the relay keeps them: which wait for an answer, and the one subscription. SE-04, SE-05. */
export class RelayRequests {
  readonly #pending = new PendingRequests();
  readonly #inFlightMax: number;
  #subscription = 0;
  #hello = 0;

  constructor(inFlightMax: number) {
    this.#inFlightMax = inFlightMax;
  }

  /** The request_id that every Deliver carries; 0 while there is no subscription. RL-44. */
  get subscription(): number {
    return this.#subscription;
  }

  /** The request_id of the Hello; 0 before it. */
  get hello(): number {
    return this.#hello;
  }

  /** True when every request has its answer. */
  get isEmpty(): boolean {
    return this.#pending.size === 0;
  }

  /** The error of a request_id that is none to use now, or of one request too many. SE-04, SE-05. */
  judge(name: FramesOf<'client'>, requestId: number): ErrorName | undefined {
    const isOwed = answersOf(name).length > 0;
    const isTaken = requestId === this.#subscription || this.#pending.has(requestId);
    if (isOwed ? requestId === 0 || isTaken : requestId !== 0) return 'UNEXPECTED_FRAME';
    if (name === 'Subscribe' && this.#subscription !== 0) return 'UNEXPECTED_FRAME';
    return isOwed && name !== 'Ping' && this.#pending.size >= this.#inFlightMax ? 'REQUESTS_EXCEEDED' : undefined;
  }

  /** Notes a frame that was received; one that has an answer is owed it from now on. */
  add(name: FrameName, requestId: number): void {
    if (answersOf(name).length > 0) this.#pending.add(requestId, name);
    if (name === 'Hello') this.#hello = requestId;
  }

  /** The request of this number is the session's subscription from now on. */
  subscribe(requestId: number): void {
    this.#subscription = requestId;
  }

  /** Takes the request that is answered now. @returns false when no request of that number waits */
  takeAnswered(requestId: number): boolean {
    return this.#pending.take(requestId) !== undefined;
  }

  /** Takes the request that is refused now; a refused Subscribe leaves no subscription. */
  takeRefused(requestId: number): void {
    const name = this.#pending.take(requestId);
    if (name === 'Subscribe' && requestId === this.#subscription) this.#subscription = 0;
  }
}
