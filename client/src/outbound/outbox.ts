import { toHex } from '@0k-sync/core/bytes';
import { OUTBOX_ITEMS_MAX } from '@0k-sync/generated/limits';
import type { OutboxEntryEvent } from '@0k-sync/generated/machines/outbox-entry';
import type { Store } from '../store/port.ts';
import { readOutbox } from '../store/read-outbox.ts';
import type { LogEntry, OutboxEntry, Placement, StoredOutboxEntry } from '../store/types.ts';
import { idBytes, lowest, type RefusedEntry, type SealedEntry } from './outbox-entry.ts';
import { commandRefusedError, outboxFullError, unknownEntryError } from './outbox-errors.ts';
import { stepOutboxEntry, takesCommand } from './outbox-machine.ts';
import { Receipts } from './receipt.ts';
import { retractSealed } from './skipping.ts';

const PAGE_ITEMS = 256;

/** Queues entries sealed, in one transaction. Resolves with their positions; undefined when it cannot seal them now. */
export type SealAtOnce = (entries: readonly OutboxEntry[]) => Promise<readonly number[] | undefined>;

/** The durable queue of this device's messages. CL-20 to CL-25. */
export class Outbox {
  readonly receipts = new Receipts();
  readonly #store: Store;
  readonly #sealed = new Map<number, SealedEntry>();
  /** Told when the entry of a sequence leaves the outbox. */
  readonly #leaving = new Map<number, () => void>();
  /** Sequences of the entries that wait for the app's decision. */
  readonly #refused = new Set<number>();
  /** Ids of the entries that leave the store with the next transaction. */
  readonly #acknowledged = new Set<string>();
  #count: number;
  #mayHaveQueued = true;
  #sealAtOnce: SealAtOnce | undefined;
  /** Number of the last sealed entry: entries are sealed in order, so none up to this one is queued. */
  #sealedThrough = 0;

  private constructor(store: Store, count: number) {
    this.#store = store;
    this.#count = count;
  }

  /** Reads the states of a stored outbox that has `count` entries. */
  static async open(store: Store, count: number): Promise<Outbox> {
    const outbox = new Outbox(store, count);
    for await (const { id, state, sequence, refusal } of readOutbox(store)) {
      if (state === 'queued' || sequence === undefined) continue;
      const isAgain = state === 'again';
      outbox.#put(sequence, { id: toHex(id), state: isAgain ? 'sealed' : state, refusal, isAgain });
    }
    return outbox;
  }

  /** Number of entries that no relay has acknowledged. */
  get count(): number {
    return this.#count;
  }

  /** The entries that a relay has refused, for good or for now, in the order of the chain. CL-60. */
  get refusals(): readonly RefusedEntry[] {
    const refused = [...this.#sealed].filter(([, { refusal }]) => refusal !== undefined).sort(([a], [b]) => a - b);
    return refused.map(([, { id, refusal: code = 0 }]) => ({ id, code }));
  }

  /** The number of the error by which a relay has refused the first entry that waits for the app. CL-24. */
  get finalRefusal(): number | undefined {
    return this.#sealed.get(this.firstRefused)?.refusal;
  }

  /** The lowest sequence that was sealed and not acknowledged; Infinity if there is none. */
  get firstSealed(): number {
    return lowest(this.#sealed.keys());
  }

  /** The lowest refused sequence; Infinity if there is none. Neither it nor any later entry is sent. CL-24. */
  get firstRefused(): number {
    return lowest(this.#refused);
  }

  /** The id of the sealed entry with this sequence; undefined if it was acknowledged already. */
  idOf(sequence: number): string | undefined {
    return this.#sealed.get(sequence)?.id;
  }

  /** Takes room for entries, or gives it back. @throws SyncError kind `store` when the queue is full; LI-41 */
  reserve(entries: number): void {
    if (entries > 0 && this.#count + entries > OUTBOX_ITEMS_MAX) throw outboxFullError();
    this.#count += entries;
  }

  /** Counts an entry that another transaction has queued. */
  countAddition(): void {
    this.#count += 1;
    this.#mayHaveQueued = true;
  }

  /** False while no entry waits to be sealed. */
  get mayHaveQueued(): boolean {
    return this.#mayHaveQueued;
  }

  /** Notes that entries were stored that wait to be sealed. */
  noteQueued(): void {
    this.#mayHaveQueued = true;
  }

  /** Offers to seal what is queued, until the returned function is called. */
  offerSealing(seal: SealAtOnce): () => void {
    this.#sealAtOnce = seal;
    return () => {
      if (this.#sealAtOnce === seal) this.#sealAtOnce = undefined;
    };
  }

  /** Queues entries that are sealed in the same transaction; undefined when nothing can be sent now. CL-22. */
  async sealAtOnce(entries: readonly OutboxEntry[]): Promise<readonly number[] | undefined> {
    return await this.#sealAtOnce?.(entries);
  }

  /** Reads the next entries to seal, in order, at most one page. */
  async readQueued(): Promise<readonly StoredOutboxEntry[]> {
    while (this.#mayHaveQueued) {
      this.#mayHaveQueued = false; // before the store is read: what is stored later says so itself
      const page = await this.#store.outbox(this.#sealedThrough, PAGE_ITEMS);
      const queued = page.filter((entry) => entry.state === 'queued');
      const last = page.at(-1);
      if (last === undefined) break;
      this.#mayHaveQueued = true;
      if (queued.length > 0) return queued;
      this.#sealedThrough = last.number;
    }
    return [];
  }

  /** Notes an entry whose sealed bytes were stored; `number` is that of one that was queued before. CL-40. */
  noteSealed(id: Uint8Array, sequence: number, number: number | undefined): void {
    this.#put(sequence, { id: toHex(id), state: 'sealed' });
    this.#sealedThrough = number ?? this.#sealedThrough;
  }

  /** Queues the sealed envelopes again that a relay acknowledged and then lost. CL-06, CL-21. */
  async requeue(entries: readonly LogEntry[]): Promise<void> {
    const lost = entries.filter((entry) => !this.#sealed.has(entry.sequence));
    if (lost.length === 0) return;
    const ids = lost.map((entry) => (entry.visible ? entry.messageId : entry.hash.slice(0, 16)));
    await this.#store.commit(
      lost.map(({ contentType, plaintext, sequence }, index) => {
        const id = ids[index] ?? new Uint8Array();
        return { kind: 'enqueue', entry: { id, contentType, plaintext, state: 'again', sequence } } as const;
      }),
    );
    for (const [index, { sequence }] of lost.entries()) {
      this.#put(sequence, { id: toHex(ids[index] ?? new Uint8Array()), state: 'sealed', isAgain: true });
    }
    this.#count += lost.length;
  }

  /** Notes that entries are sent: what a relay refused may be stored by one from now on. CL-42, CL-61, CL-63. */
  async send(sequences: readonly number[]): Promise<void> {
    const deferred = sequences.flatMap((sequence) => {
      const entry = this.#sealed.get(sequence);
      return entry?.state === 'deferred' && entry.isAgain !== true ? [idBytes(entry.id)] : [];
    });
    if (deferred.length > 0) {
      await this.#store.commit(deferred.map((id) => ({ kind: 'outbox-state', id, state: 'sealed' }) as const));
    }
    for (const sequence of sequences) this.#step(sequence, 'send');
  }

  /** Notes that the connection of entries was lost; that is not stored. CL-44. */
  lose(sequences: readonly number[]): void {
    for (const sequence of sequences) this.#step(sequence, 'connection-lost');
  }

  /** Resolves when the entry of a sequence leaves the outbox. */
  left(sequence: number): Promise<void> {
    return new Promise((resolve) => this.#leaving.set(sequence, resolve));
  }

  /**
   * Removes entries that a relay has stored at some cursors: here at once, and from the store when it resolves, so that
   * the removal shares the transaction of what is pushed next. What a crash leaves there is pushed again, and is DUPLICATE.
   * CL-43, CL-23.
   */
  async acknowledge(sequences: readonly number[], placements: readonly Placement[]): Promise<void> {
    const entries = sequences.flatMap((sequence) => {
      const entry = this.#sealed.get(sequence);
      return entry === undefined ? [] : [{ sequence, entry }];
    });
    for (const { sequence, entry } of entries) {
      this.#delete(sequence);
      this.#acknowledged.add(entry.id);
    }
    this.#count -= entries.length;
    try {
      await this.#store.commit([
        ...entries.map(({ entry }) => ({ kind: 'dequeue', id: idBytes(entry.id) }) as const),
        ...placements.map((placement) => ({ kind: 'place', placement }) as const),
      ]);
    } catch (error) {
      for (const { sequence, entry } of entries) this.#put(sequence, { ...entry, state: 'sealed' });
      this.#count += entries.length;
      throw error;
    } finally {
      for (const { entry } of entries) this.#acknowledged.delete(entry.id);
    }
  }

  /** True while the store still has the entry of a message that a relay has stored. */
  isAcknowledged(id: Uint8Array): boolean {
    return this.#acknowledged.size > 0 && this.#acknowledged.has(toHex(id));
  }

  /**
   * Notes that a relay refused an entry, for now (CL-45) or for good (CL-46), and stores it with the error's number.
   * Resolves with true when the entry has left the outbox, as a relay had acknowledged it before. CL-62.
   */
  async refuse(sequence: number, event: 'refused-later' | 'refused', refusal: number): Promise<boolean> {
    const entry = this.#sealed.get(sequence);
    if (entry === undefined) return false;
    const id = idBytes(entry.id);
    const isGone = entry.isAgain === true && event === 'refused';
    const state = event === 'refused' ? 'refused' : 'deferred';
    if (isGone) await this.#store.commit([{ kind: 'dequeue', id }]);
    else if (entry.isAgain !== true) await this.#store.commit([{ kind: 'outbox-state', id, state, refusal }]);
    if (isGone) this.#delete(sequence);
    else this.#step(sequence, event, refusal);
    if (isGone) this.#count -= 1;
    return isGone;
  }

  /** Makes a refused entry due again. CL-47. @throws SyncError kind `argument` when it is not refused. */
  async retry(id: string): Promise<void> {
    const entry = await this.#entry(id, 'retry');
    await this.#store.commit([{ kind: 'outbox-state', id: entry.id, state: 'sealed' }]);
    if (entry.sequence !== undefined) this.#put(entry.sequence, { id, state: 'sealed' });
  }

  /**
   * Drops an entry that was never sent, or that was refused, and resolves with it. CL-41, CL-48. @throws SyncError kind
   * `argument` otherwise.
   */
  async drop(id: string, sender: Uint8Array): Promise<StoredOutboxEntry> {
    const entry = await this.#entry(id, 'drop');
    const { sequence } = entry;
    // The next entry finds no log entry before it and so is pushed with `skip`. CL-25.
    const retract = sequence === undefined ? [] : await retractSealed(this.#store, sender, sequence);
    await this.#store.commit([{ kind: 'dequeue', id: entry.id }, ...retract]);
    if (sequence !== undefined) this.#delete(sequence);
    this.#count -= 1;
    return entry;
  }

  /** Queues again, to be sealed anew, what was sealed up to a sequence and never acknowledged. CL-28. */
  async unseal(sender: Uint8Array, through: number): Promise<void> {
    const entries = [...this.#sealed].filter(([sequence]) => sequence <= through);
    await this.#store.commit(
      entries.flatMap(([sequence, { id }]) => [
        { kind: 'retract', sender, sequence } as const,
        { kind: 'outbox-state', id: idBytes(id), state: 'queued' } as const,
      ]),
    );
    for (const [sequence] of entries) this.#delete(sequence);
    this.#sealedThrough = 0;
    this.#mayHaveQueued = true;
  }

  /** Moves a sealed entry by one step of the generated machine. */
  #step(sequence: number, event: OutboxEntryEvent, refusal?: number): void {
    const entry = this.#sealed.get(sequence);
    if (entry === undefined) return;
    const { next } = stepOutboxEntry(entry.state, event);
    if (next === 'queued' || next === 'acknowledged' || next === 'dropped') return;
    this.#put(sequence, { ...entry, state: next, refusal: refusal ?? entry.refusal });
  }

  #put(sequence: number, entry: SealedEntry): void {
    this.#sealed.set(sequence, entry);
    if (entry.state === 'refused') this.#refused.add(sequence);
    else this.#refused.delete(sequence);
  }

  #delete(sequence: number): void {
    this.#sealed.delete(sequence);
    this.#refused.delete(sequence);
    this.#leaving.get(sequence)?.();
    this.#leaving.delete(sequence);
  }

  async #entry(id: string, command: 'retry' | 'drop'): Promise<StoredOutboxEntry> {
    const entry = await this.#store.outboxEntry(idBytes(id));
    if (entry === undefined) throw unknownEntryError(id);
    const known = entry.sequence === undefined ? undefined : this.#sealed.get(entry.sequence)?.state;
    const state = known ?? (entry.state === 'again' ? 'sealed' : entry.state);
    if (takesCommand(state, command)) return entry;
    throw commandRefusedError(id, command);
  }
}
