import type { Change, Store } from './port.ts';

/** A caller's change, and the caller's promise. */
interface Pending extends PromiseWithResolvers<void> {
  readonly change: Change;
}

/**
 * Commits all changes of one turn of the event loop in one transaction, whoever made them. A transaction that fails is
 * made again change by change, so that a change that the store refuses fails nobody else's.
 */
export class Coalescer {
  readonly #store: Store;
  #pending: Pending[] = [];
  /** Resolves when every flush so far is done: the next one keeps the order. */
  #flushed: Promise<void> = Promise.resolve();

  constructor(store: Store) {
    this.#store = store;
  }

  /** Resolves when the change is durable. Rejects when the store refuses it. */
  commit(change: Change): Promise<void> {
    const pending = { change, ...Promise.withResolvers<void>() };
    if (this.#pending.length === 0) this.#flushed = this.#flushed.then(() => this.#flush());
    this.#pending.push(pending);
    return pending.promise;
  }

  async #flush(): Promise<void> {
    const pending = this.#pending;
    this.#pending = [];
    try {
      await this.#store.commit(pending.map(({ change }) => change));
      for (const { resolve } of pending) resolve();
    } catch (error) {
      if (pending.length === 1) pending[0]?.reject(error);
      else for (const each of pending) await this.#store.commit([each.change]).then(each.resolve, each.reject);
    }
  }
}
