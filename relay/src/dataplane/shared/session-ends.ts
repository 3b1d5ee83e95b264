import type { EndSession, OperationOwner, Store } from '../../store/port.ts';
import { STORAGE_RETRY_MS } from './retry-times.ts';

/** Stores the ends of sessions, again after a failure: a forgotten session would count for ever. SE-23. */
export class SessionEnds implements OperationOwner {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  end(session: number): void {
    this.#store.submit({ kind: 'end-session', session }, this);
  }

  completed(): void {}

  failed(operation: EndSession): void {
    setTimeout(() => this.#store.submit(operation, this), STORAGE_RETRY_MS).unref();
  }
}
