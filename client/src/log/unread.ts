import { callApp } from '../async/call-app.ts';
import type { Unsubscribe } from '../async/emitter.ts';
import type { Store } from '../store/port.ts';

/** The number of messages of others behind a named cursor. */
export interface Unread {
  /** The number as it was last counted; 0 until the first count is done. */
  readonly current: number;
  /** Calls `listener` after each change, until the returned function is called. */
  subscribe(listener: (count: number) => void): Unsubscribe;
}

/** Counts what is behind a cursor, again whenever the log grows or the cursor moves: only what is new is counted. */
export class UnreadCount implements Unread {
  readonly #store: Store;
  readonly #head: () => number;
  readonly #name: string;
  readonly #topic: string | undefined;
  readonly #listeners = new Set<(count: number) => void>();
  #current = 0;
  /** Everything up to here is counted; undefined before the first count and after the cursor has moved. */
  #through: number | undefined;
  /** Counts the moves of the cursor, so that a count that was under way is thrown away. */
  #moves = 0;
  #counting: Promise<void> | undefined;
  #isDue = false;

  /** @param head tells the highest position of the log */
  constructor(store: Store, head: () => number, name: string, topic: string | undefined) {
    this.#store = store;
    this.#head = head;
    this.#name = name;
    this.#topic = topic;
    this.grown();
  }

  get current(): number {
    return this.#current;
  }

  subscribe(listener: (count: number) => void): Unsubscribe {
    const own = (count: number) => listener(count);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  /** Tells that the cursor was moved, or that messages went. */
  moved(): void {
    this.#through = undefined;
    this.#moves += 1;
    this.grown();
  }

  /** Tells that the log may have more messages. */
  grown(): void {
    this.#isDue = true;
    this.#counting ??= this.#countAll().finally(() => {
      this.#counting = undefined;
    });
  }

  /** Resolves when everything that was told is counted. */
  async settled(): Promise<void> {
    while (this.#counting !== undefined) await this.#counting;
  }

  async #countAll(): Promise<void> {
    while (this.#isDue) {
      this.#isDue = false;
      await this.#count().catch(() => {}); // the store is closed or fails: whoever reads or writes it is told
    }
  }

  async #count(): Promise<void> {
    const [known, moves] = [this.#through, this.#moves];
    const from = known ?? (await this.#store.cursors()).find(({ name }) => name === this.#name)?.position ?? 0;
    const through = this.#head();
    const more = await this.#store.countOthers(from, through, this.#topic);
    if (this.#moves !== moves) return; // the cursor was moved meanwhile, so the next count is due
    this.#through = Math.max(from, through);
    this.#show(known === undefined ? more : this.#current + more);
  }

  #show(count: number): void {
    if (count === this.#current) return;
    this.#current = count;
    for (const listener of [...this.#listeners]) callApp(listener, count);
  }
}
