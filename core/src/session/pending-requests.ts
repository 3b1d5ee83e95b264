import type { FrameName } from '@0k-sync/generated/frames';

/** The requests of one session that wait for their answers, by request_id. SE-04, SE-05. */
export class PendingRequests {
  readonly #pending = new Map<number, FrameName>();

  /** The number of requests that wait. */
  get size(): number {
    return this.#pending.size;
  }

  has(requestId: number): boolean {
    return this.#pending.has(requestId);
  }

  add(requestId: number, name: FrameName): void {
    this.#pending.set(requestId, name);
  }

  /** Removes a request and returns its frame; undefined when no request of that id waits. */
  take(requestId: number): FrameName | undefined {
    const name = this.#pending.get(requestId);
    this.#pending.delete(requestId);
    return name;
  }
}
