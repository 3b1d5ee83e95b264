import { HOLES_MAX } from '@0k-sync/generated/limits';
import type { Stub } from '@0k-sync/generated/wire/envelope';
import type { Place } from '../author/index.ts';

/** A place of one sender's chain, as a relay has stored it. RL-24. */
export interface StoredPlace extends Place {
  /** H of the envelope before, 32 bytes. */
  readonly previous: Uint8Array;
  /** Undefined while there is none. It outlives the envelope. */
  readonly stub: Stub | undefined;
}

/** One sender's chain as a relay keeps it, also when its envelopes are removed. RL-24, RL-26. */
export class SenderChain {
  /** Every place that was stored, by sequence. */
  readonly #places = new Map<number, StoredPlace>();
  head: StoredPlace = { sequence: 0, hash: new Uint8Array(0), previous: new Uint8Array(0), stub: undefined };

  /** True for a place at or below the head of which nothing was ever stored. RL-26. */
  isHole(sequence: number): boolean {
    return sequence <= this.head.sequence && !this.#places.has(sequence);
  }

  /** `previous` of the envelope above a place: the H that the place must have. RL-32. */
  hashBelow(sequence: number): Uint8Array | undefined {
    return this.#places.get(sequence)?.previous;
  }

  /** Takes a place that is stored. Only one above the head moves the head. RL-24, RL-32. */
  add(place: StoredPlace): void {
    this.#places.set(place.sequence, place);
    if (place.sequence <= this.head.sequence) return;
    this.head = place;
    this.#boundHoles();
  }

  /** Makes the two lowest holes one, if there are too many. RL-34. */
  #boundHoles(): void {
    const stored = [...this.#places.keys()].toSorted((a, b) => a - b);
    const above = stored.filter((sequence, index) => sequence > (stored[index - 1] ?? 0) + 1);
    if (above.length <= HOLES_MAX) return;
    const [lowest = 0, second = 0] = above;
    for (const sequence of stored) if (sequence >= lowest && sequence < second) this.#places.delete(sequence);
  }
}
