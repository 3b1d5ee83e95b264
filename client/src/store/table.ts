import { toHex } from '@0k-sync/core/bytes';

/** Undoes one change. */
export type Undo = () => void;

/** Undoes several changes. */
export function undoAll(undos: readonly Undo[]): Undo {
  return () => {
    for (const undo of undos.toReversed()) undo();
  };
}

/** A map with keys of bytes, each change of which can be undone. */
export class Table<Row> {
  readonly #rows = new Map<string, Row>();

  get(key: Uint8Array | string): Row | undefined {
    return this.#rows.get(keyOf(key));
  }

  values(): Row[] {
    return [...this.#rows.values()];
  }

  /** The rows with their keys; bytes as hexadecimal. */
  entries(): [string, Row][] {
    return [...this.#rows];
  }

  get size(): number {
    return this.#rows.size;
  }

  /** Adds a row. @throws Error when the key is taken. */
  insert(key: Uint8Array | string, row: Row): Undo {
    if (this.#rows.has(keyOf(key))) throw new Error('the row exists already');
    return this.put(key, row);
  }

  /** Adds or replaces a row. */
  put(key: Uint8Array | string, row: Row): Undo {
    const name = keyOf(key);
    const before = this.#rows.get(name);
    this.#rows.set(name, row);
    return () => {
      if (before === undefined) this.#rows.delete(name);
      else this.#rows.set(name, before);
    };
  }

  /** Removes a row if it exists. Undoing this puts the row at the end, so readers sort by a number in the row. */
  remove(key: Uint8Array | string): Undo {
    const name = keyOf(key);
    const before = this.#rows.get(name);
    this.#rows.delete(name);
    return () => {
      if (before !== undefined) this.#rows.set(name, before);
    };
  }
}

function keyOf(key: Uint8Array | string): string {
  return typeof key === 'string' ? key : toHex(key);
}
