import { keyName } from '../../group/key-name.ts';
import type { Database } from './sqlite.ts';

/** A row of the log that was just added. */
interface AddedRow {
  readonly slot: number;
  readonly hash: Uint8Array;
  readonly row: number;
}

/**
 * The numbers that the writes of one connection keep in memory, because every message needs them: the highest position of
 * each slot, those that stand for senders and relays, and that of the row that was added last. Call `finish` before each
 * COMMIT, and `forget` when a transaction was undone.
 */
export class Kept {
  readonly #senders: KeptNumbers<Uint8Array>;
  readonly #sources: KeptNumbers<string>;
  readonly #headOf: (slot: number) => number | undefined;
  readonly #putHead: (slot: number, head: number) => void;
  /** The highest positions that this transaction has given. */
  readonly #heads = new Map<number, number>();
  #added: AddedRow | undefined;

  constructor(database: Database) {
    this.#senders = new KeptNumbers(database, 'sender', 'key', keyName);
    this.#sources = new KeptNumbers(database, 'source', 'relay', (relay) => relay);
    const headOf = database.prepare<[number], number>('SELECT head FROM slot WHERE number = ?').pluck();
    const putHead = database.prepare<[number, number]>('UPDATE slot SET head = ? WHERE number = ?');
    this.#headOf = (slot) => headOf.get(slot);
    this.#putHead = (slot, head) => void putHead.run(head, slot);
  }

  /** Gives the next position of a slot. @throws RangeError without such a slot */
  nextPosition(slot: number): number {
    const head = this.#heads.get(slot) ?? this.#headOf(slot);
    if (head === undefined) throw new RangeError(`there is no slot ${slot}`);
    this.#heads.set(slot, head + 1);
    return head + 1;
  }

  /** The number of a sender by its key, 32 bytes; a new one gets its number now. */
  sender(slot: number, key: Uint8Array): number {
    return this.#senders.of(slot, key);
  }

  /** The number of a relay; a new one gets its number now. */
  source(slot: number, relay: string): number {
    return this.#sources.of(slot, relay);
  }

  /** Notes the row of an entry that has no placement yet; the caller's `hash` itself names it. */
  noteAdded(slot: number, hash: Uint8Array, row: number): void {
    this.#added = { slot, hash, row };
  }

  /** The row that was added last, once, if this very `hash` names it. */
  takeAdded(slot: number, hash: Uint8Array): number | undefined {
    const added = this.#added;
    if (added === undefined || added.slot !== slot || added.hash !== hash) return undefined;
    this.#added = undefined;
    return added.row;
  }

  /** Forgets the row that was added last: rows are removed. */
  forgetAdded(): void {
    this.#added = undefined;
  }

  /** Writes the highest positions. */
  finish(): void {
    this.forgetAdded();
    for (const [slot, head] of this.#heads) this.#putHead(slot, head);
    this.#heads.clear();
  }

  forget(): void {
    this.forgetAdded();
    this.#heads.clear();
    this.#senders.forget();
    this.#sources.forget();
  }
}

/** The numbers of the keys in one table, each looked up once. */
class KeptNumbers<Key extends string | Uint8Array> {
  readonly #bySlot = new Map<number, Map<string, number>>();
  readonly #nameOf: (key: Key) => string;
  readonly #find: (slot: number, key: Key) => number;

  constructor(database: Database, table: string, column: string, nameOf: (key: Key) => string) {
    const add = database.prepare<[number, Key]>(`INSERT OR IGNORE INTO ${table} (slot, ${column}) VALUES (?, ?)`);
    const find = database
      .prepare<[number, Key], number>(`SELECT id FROM ${table} WHERE slot = ? AND ${column} = ?`)
      .pluck();
    this.#nameOf = nameOf;
    this.#find = (slot, key) => {
      add.run(slot, key);
      return find.get(slot, key) ?? 0;
    };
  }

  of(slot: number, key: Key): number {
    const known = this.#bySlot.get(slot) ?? new Map<string, number>();
    const name = this.#nameOf(key);
    const number = known.get(name) ?? this.#find(slot, key);
    known.set(name, number);
    this.#bySlot.set(slot, known);
    return number;
  }

  forget(): void {
    this.#bySlot.clear();
  }
}
