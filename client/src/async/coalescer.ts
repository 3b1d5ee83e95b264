/** A caller's items, and the caller's promise. */
interface Pending<Item, Result> extends PromiseWithResolvers<readonly Result[]> {
  readonly items: readonly Item[];
  readonly signal: AbortSignal | undefined;
}

/** So many items make a piece of work: the event loop turns between two pieces. */
const PIECE_ITEMS = 256;

/**
 * Gives the items of one turn of the event loop to one piece of work, whoever brought them. Work that fails is done again
 * caller by caller, so that items that are refused fail nobody else's. What one caller brings stays together.
 */
export class Coalescer<Item, Result> {
  /** Resolves with one result for each item, when all are done; rejects when none is. */
  readonly #work: (items: readonly Item[]) => Promise<readonly Result[]>;
  #pending: Pending<Item, Result>[] = [];
  /** Resolves when every piece so far is done: the next one keeps the order. */
  #done: Promise<void> = Promise.resolve();

  constructor(work: (items: readonly Item[]) => Promise<readonly Result[]>) {
    this.#work = work;
  }

  /**
   * Resolves with one result for each item when all of them are done. Rejects when the work refuses them, or with the
   * signal's reason when it aborts before.
   */
  run(items: readonly Item[], signal?: AbortSignal): Promise<readonly Result[]> {
    const pending = { items, signal, ...Promise.withResolvers<readonly Result[]>() };
    if (this.#pending.length === 0) this.#done = this.#done.then(() => this.#flush());
    this.#pending.push(pending);
    return pending.promise;
  }

  async #flush(): Promise<void> {
    const given = this.#pending;
    this.#pending = [];
    for (let start = 0; start < given.length; ) {
      const end = pieceEnd(given, start);
      await this.#do(given.slice(start, end));
      start = end;
    }
  }

  async #do(given: readonly Pending<Item, Result>[]): Promise<void> {
    for (const { signal, reject } of given) if (signal?.aborted) reject(signal.reason);
    const pending = given.filter(({ signal }) => !signal?.aborted);
    if (pending.length === 0) return;
    try {
      const results = [...(await this.#work(pending.flatMap(({ items }) => items)))];
      for (const { items, resolve } of pending) resolve(results.splice(0, items.length));
    } catch (error) {
      if (pending.length === 1) pending[0]?.reject(error);
      else for (const each of pending) await this.#work(each.items).then(each.resolve, each.reject);
    }
  }
}

/** The end of the piece that begins at `start`: at least one caller, and no more items than a piece has. */
function pieceEnd(pending: readonly { readonly items: readonly unknown[] }[], start: number): number {
  let count = 0;
  const more = pending.slice(start).findIndex(({ items }, index) => {
    count += items.length;
    return index > 0 && count > PIECE_ITEMS;
  });
  return more < 0 ? pending.length : start + more;
}
