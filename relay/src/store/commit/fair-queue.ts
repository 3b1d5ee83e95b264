/** Bytes that one flow may have stored in its turn. */
const TURN_BYTES = 16 * 1024;

/** An operation that waits, with the number of rows and bytes that it puts into a transaction. */
export interface Weighed {
  readonly items: number;
  readonly bytes: number;
}

/** The bounds of one transaction. */
export interface BatchBounds {
  readonly itemsMax: number;
  readonly bytesMax: number;
}

interface Flow<Entry> {
  entries: Entry[];
  /** Bytes that the flow may still have stored in this turn. */
  deficit: number;
}

/**
 * Entries that wait for a transaction, by flow. Flows take turns by bytes (deficit round robin: Shreedhar and Varghese,
 * 1995), so that what one has waiting delays another by one turn. Within a flow the order stays. RL-75.
 */
export class FairQueue<Key, Entry extends Weighed> {
  /** In the order of their turns. */
  readonly #flows = new Map<Key, Flow<Entry>>();
  #size = 0;
  #bytes = 0;

  /** The number of entries. */
  get size(): number {
    return this.#size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  add(key: Key, entry: Entry): void {
    const flow = this.#flows.get(key);
    if (flow === undefined) this.#flows.set(key, { entries: [entry], deficit: TURN_BYTES });
    else flow.entries.push(entry);
    this.#size += 1;
    this.#bytes += entry.bytes;
  }

  /** Takes the entries of the next transaction; at least one if any waits. */
  take({ itemsMax, bytesMax }: BatchBounds): Entry[] {
    const batch: Entry[] = [];
    let [items, bytes] = [0, 0];
    const fits = (entry: Entry) =>
      batch.length === 0 || (items + entry.items <= itemsMax && bytes + entry.bytes <= bytesMax);
    for (const [key, flow] of this.#flows) {
      let taken = 0;
      for (let next = flow.entries[0]; next !== undefined && next.bytes <= flow.deficit; next = flow.entries[taken]) {
        if (!fits(next)) {
          flow.entries.splice(0, taken);
          return this.#took(batch, bytes);
        }
        batch.push(next);
        items += next.items;
        bytes += next.bytes;
        flow.deficit -= next.bytes;
        taken += 1;
      }
      this.#endTurn(key, flow, taken);
    }
    return this.#took(batch, bytes);
  }

  /** Puts a flow behind the others, if entries are left. The loop over the map comes to it again. */
  #endTurn(key: Key, flow: Flow<Entry>, taken: number): void {
    this.#flows.delete(key);
    if (taken === flow.entries.length) return;
    flow.entries.splice(0, taken);
    flow.deficit += TURN_BYTES;
    this.#flows.set(key, flow);
  }

  #took(batch: Entry[], bytes: number): Entry[] {
    this.#size -= batch.length;
    this.#bytes -= bytes;
    return batch;
  }
}
