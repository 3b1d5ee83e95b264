/** One that holds memory for a client. */
export interface MemoryHolder {
  /** Gives everything up at once, because it holds most. */
  evict(): void;
}

/**
 * A connection's answers get at most this part of the free memory, so that answers alone never fill it. A whole page still
 * fits while a quarter of 64 MiB is held by others.
 */
const SHARES = 96;

/**
 * The memory that all clients together may take: received and not processed, waiting for the disk, not taken by the
 * network. RL-71.
 */
export class MemoryBudget {
  readonly #bytesMax: number;
  readonly #held = new Map<MemoryHolder, number>();
  #total = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** Bytes held by all. */
  get total(): number {
    return this.#total;
  }

  /** Bytes that the answers of one connection may take now; less, the more is held. RL-72. */
  get share(): number {
    return Math.floor(Math.max(0, this.#bytesMax - this.#total) / SHARES);
  }

  /** Sets what a holder holds. While too much is held, the one that holds most is evicted. */
  hold(holder: MemoryHolder, bytes: number): void {
    this.#set(holder, bytes);
    while (this.#total > this.#bytesMax) this.#evictWorst();
  }

  #evictWorst(): void {
    let [worst, most] = [undefined as MemoryHolder | undefined, 0];
    for (const [holder, bytes] of this.#held) {
      if (bytes > most) [worst, most] = [holder, bytes];
    }
    if (worst === undefined) return;
    this.#set(worst, 0);
    worst.evict();
  }

  #set(holder: MemoryHolder, bytes: number): void {
    this.#total += bytes - (this.#held.get(holder) ?? 0);
    if (bytes > 0) this.#held.set(holder, bytes);
    else this.#held.delete(holder);
  }
}
