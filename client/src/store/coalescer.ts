import { ContentType } from '@0k-sync/generated/wire/envelope';
import type { Change, Store } from './port.ts';

/** A caller's changes, and the caller's promise. */
interface Pending extends PromiseWithResolvers<readonly number[]> {
  readonly changes: readonly Change[];
  readonly signal: AbortSignal | undefined;
}

/**
 * Commits all changes of one turn of the event loop in one transaction, whoever made them. A transaction that fails is
 * made again caller by caller, so that changes that the store refuses fail nobody else's.
 */
export class Coalescer {
  readonly #store: Store;
  #pending: Pending[] = [];
  /** Resolves when every flush so far is done: the next one keeps the order. */
  #flushed: Promise<void> = Promise.resolve();

  constructor(store: Store) {
    this.#store = store;
  }

  /**
   * Resolves when the changes are durable, all or none, with a position for each message that they queue. Rejects when
   * the store refuses them, or with the signal's reason when it aborts before.
   */
  commit(changes: readonly Change[], signal?: AbortSignal): Promise<readonly number[]> {
    const pending = { changes, signal, ...Promise.withResolvers<readonly number[]>() };
    if (this.#pending.length === 0) this.#flushed = this.#flushed.then(() => this.#flush());
    this.#pending.push(pending);
    return pending.promise;
  }

  async #flush(): Promise<void> {
    const given = this.#pending;
    this.#pending = [];
    for (const { signal, reject } of given) if (signal?.aborted) reject(signal.reason);
    const pending = given.filter(({ signal }) => !signal?.aborted);
    if (pending.length === 0) return;
    try {
      const positions = [...(await this.#store.commit(pending.flatMap(({ changes }) => changes)))];
      for (const { changes, resolve } of pending) resolve(positions.splice(0, changes.filter(isMessage).length));
    } catch (error) {
      if (pending.length === 1) pending[0]?.reject(error);
      else for (const each of pending) await this.#store.commit(each.changes).then(each.resolve, each.reject);
    }
  }
}

/** Queueing a message gives a position. */
function isMessage(change: Change): boolean {
  return change.kind === 'enqueue' && change.entry.contentType === ContentType.CONTENT_TYPE_MESSAGE;
}
