import { callApp } from '../async/call-app.ts';
import type { Unsubscribe } from '../async/emitter.ts';
import { freezeWhole, isSame } from '../async/same.ts';
import type { GroupState } from '../events.ts';

/** The state of a group as one frozen object, which is another object only when something in it is another. */
export class GroupStateSource {
  readonly #read: () => GroupState;
  readonly #listeners = new Set<(state: GroupState) => void>();
  #current: GroupState | undefined;
  #told: GroupState | undefined;
  #isDue = false;

  /** @param read describes the state as it is now */
  constructor(read: () => GroupState) {
    this.#read = read;
  }

  get current(): GroupState {
    const now = this.#read();
    if (!isSame(now, this.#current)) this.#current = freezeWhole(now);
    return this.#current ?? now;
  }

  /** Calls `listener` after each change, until the returned function is called. */
  subscribe(listener: (state: GroupState) => void): Unsubscribe {
    // A function of its own, so that one listener can be added twice.
    const own = (state: GroupState) => listener(state);
    if (this.#listeners.size === 0) this.#told = this.current;
    this.#listeners.add(own);
    return () => {
      this.#listeners.delete(own);
    };
  }

  /** Tells that the state may have changed; listeners are called once for all changes of this turn. */
  changed(): void {
    if (this.#isDue || this.#listeners.size === 0) return;
    this.#isDue = true;
    queueMicrotask(() => this.#tell());
  }

  #tell(): void {
    this.#isDue = false;
    const now = this.current;
    if (now === this.#told) return;
    this.#told = now;
    for (const listener of [...this.#listeners]) callApp(listener, now);
  }
}
