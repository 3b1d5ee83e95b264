import type { ErrorName } from '@0k-sync/generated/errors';
import type { FrameName, FramesOf } from '@0k-sync/generated/frames';
import type { RelaySessionEvent } from '@0k-sync/generated/machines/relay-session';
import { answersOf, eventOf, isTakenIn } from './frames.ts';
import { PendingRequests } from './pending-requests.ts';

/** Returns the event of a frame that is refused: its own, if its row ends the session there, or a violation. SE-02. */
export function endingEvent(
  machine: { endsOn(event: RelaySessionEvent): boolean },
  name: FramesOf<'client'>,
  refusal: ErrorName,
): RelaySessionEvent {
  const event = eventOf(name);
  return refusal === 'UNEXPECTED_FRAME' && machine.endsOn(event) ? event : 'violation';
}

/** A client's requests at the relay: the ones without an answer, and the subscription. SE-04, SE-05. */
export class RelayRequests {
  readonly #pending = new PendingRequests();
  readonly #inFlightMax: number;
  #subscription = 0;
  #hello = 0;

  constructor(inFlightMax: number) {
    this.#inFlightMax = inFlightMax;
  }

  /** The request_id that every Deliver carries; 0 without a subscription. RL-44. */
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

  /**
   * Checks a frame against the session's state, its request_id and the number of requests in flight; undefined when all
   * fit. SE-02, SE-04, SE-05.
   */
  judge(state: string, name: FramesOf<'client'>, requestId: number): ErrorName | undefined {
    if (!isTakenIn(state, name)) return 'UNEXPECTED_FRAME';
    const isOwed = answersOf(name).length > 0;
    const isTaken = requestId === this.#subscription || this.#pending.has(requestId);
    if (isOwed ? requestId === 0 || isTaken : requestId !== 0) return 'UNEXPECTED_FRAME';
    if (name === 'Subscribe' && this.#subscription !== 0) return 'UNEXPECTED_FRAME';
    return isOwed && name !== 'Ping' && this.#pending.size >= this.#inFlightMax ? 'REQUESTS_EXCEEDED' : undefined;
  }

  /** Registers a frame that was received: if it has an answer, the answer is owed from now on. */
  add(name: FrameName, requestId: number): void {
    if (answersOf(name).length > 0) this.#pending.add(requestId, name);
    if (name === 'Hello') this.#hello = requestId;
  }

  /** Makes this request the session's subscription. */
  subscribe(requestId: number): void {
    this.#subscription = requestId;
  }

  /** Ends the request that is answered. @returns false when no request of that id waits */
  takeAnswered(requestId: number): boolean {
    return this.#pending.take(requestId) !== undefined;
  }

  /** Ends the request that is refused, and the subscription with its Subscribe. */
  takeRefused(requestId: number): void {
    const name = this.#pending.take(requestId);
    if (name === 'Subscribe' && requestId === this.#subscription) this.#subscription = 0;
  }
}
