import type { Message, SyncSession } from '@0k-sync/client/node';

/** A line of the list. */
export interface Note {
  readonly id: string;
  readonly text: string;
  readonly done: boolean;
}

/** A change that a device tells the others. Changes may arrive in any order and more than once: the list is the same. */
type Change = { readonly add: string; readonly text: string } | { readonly tick: string };

/** A list of notes that all devices of a group share. */
export class SharedNotes {
  readonly #session: SyncSession;
  readonly #texts = new Map<string, string>();
  readonly #done = new Set<string>();
  readonly #listeners = new Set<() => void>();

  constructor(session: SyncSession) {
    this.#session = session;
  }

  /** Applies what other devices write, until the session closes. */
  async follow(): Promise<void> {
    for await (const message of this.#session.messages()) this.#receive(message);
  }

  /** Adds a note; it is on this device's disk when this resolves. */
  add(text: string): Promise<void> {
    return this.#tell({ add: crypto.randomUUID(), text });
  }

  /** Marks a note as done. */
  tick(id: string): Promise<void> {
    return this.#tell({ tick: id });
  }

  /** The notes by text, the same on every device. */
  list(): readonly Note[] {
    return [...this.#texts]
      .map(([id, text]) => ({ id, text, done: this.#done.has(id) }))
      .sort((a, b) => a.text.localeCompare(b.text) || a.id.localeCompare(b.id));
  }

  /** Resolves once the list satisfies `test`. */
  until(test: (notes: readonly Note[]) => boolean): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const look = () => {
      if (!test(this.list())) return;
      this.#listeners.delete(look);
      resolve();
    };
    this.#listeners.add(look);
    look();
    return promise;
  }

  async #tell(change: Change): Promise<void> {
    await this.#session.push(JSON.stringify(change));
    this.#apply(change);
  }

  #receive({ content }: Message): void {
    if (typeof content === 'string') this.#apply(JSON.parse(content));
  }

  #apply(change: Change): void {
    if ('add' in change) this.#texts.set(change.add, change.text);
    else this.#done.add(change.tick);
    for (const listener of [...this.#listeners]) listener();
  }
}
