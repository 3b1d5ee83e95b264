import type { SyncError } from '../error.ts';
import type { Exchange } from './exchange.ts';

interface Waiting extends PromiseWithResolvers<Exchange> {
  /** The number of attempts that had begun before the call; Infinity for a caller whom no failed attempt answers. */
  readonly begun: number;
}

/** The callers who wait for the next session of a link. CL-66. */
export class Waiters {
  #waiting: Waiting[] = [];

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  /** True when a caller waits whom the next failure answers: such a caller waits for no backoff. */
  get areUrgent(): boolean {
    return this.#waiting.some(({ begun }) => Number.isFinite(begun));
  }

  /**
   * Resolves with the next session. Rejects with the end of an attempt after the first `begun`: what ends one of those
   * says nothing about a new one. Rejects with the reason of `signal` when it aborts; then the caller waits no longer.
   */
  async add(begun: number, signal?: AbortSignal): Promise<Exchange> {
    signal?.throwIfAborted();
    const waiting = { ...Promise.withResolvers<Exchange>(), begun };
    this.#waiting.push(waiting);
    const abort = () => {
      this.#waiting = this.#waiting.filter((each) => each !== waiting);
      waiting.reject(signal?.reason);
    };
    signal?.addEventListener('abort', abort, { once: true });
    return await waiting.promise.finally(() => signal?.removeEventListener('abort', abort));
  }

  resolveAll(exchange: Exchange): void {
    for (const { resolve } of this.#waiting.splice(0)) resolve(exchange);
  }

  rejectAll(error: SyncError): void {
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }

  /** Rejects the callers who came before the attempt with this number, which has failed; the others wait on. */
  rejectBefore(attempts: number, error: SyncError): void {
    const waiting = this.#waiting;
    this.#waiting = waiting.filter(({ begun }) => begun >= attempts);
    for (const { begun, reject } of waiting) if (begun < attempts) reject(error);
  }
}
