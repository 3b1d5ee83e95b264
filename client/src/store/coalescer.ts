import type { Change, Store } from './port.ts';

/** Commits all changes of one turn of the event loop in one transaction, whoever made them. */
export class Coalescer {
  readonly #store: Store;
  #changes: Change[] | undefined;
  #committed: Promise<void> = Promise.resolve();

  constructor(store: Store) {
    this.#store = store;
  }

  /** Resolves when the change is durable. Rejects when its transaction failed. */
  commit(change: Change): Promise<void> {
    if (this.#changes === undefined) {
      this.#changes = [];
      this.#committed = Promise.resolve().then(() => this.#flush());
    }
    this.#changes.push(change);
    return this.#committed;
  }

  #flush(): Promise<void> {
    const changes = this.#changes ?? [];
    this.#changes = undefined;
    return this.#store.commit(changes);
  }
}
