import { HOLES_MAX } from '@0k-sync/generated/limits';

/** Sequences of a sender of which the relay has never stored an envelope. RL-26. */
export interface Hole {
  readonly first: number;
  readonly last: number;
  /** `previous` of the envelope above the hole, 32 bytes. RL-32. */
  readonly previous: Uint8Array;
}

/** The holes of one sender's chain, from the lowest to the highest, at most HOLES_MAX. RL-26, RL-34. */
export class Holes implements Iterable<Hole> {
  readonly #holes: Hole[];

  constructor(holes: Iterable<Hole>) {
    this.#holes = [...holes];
  }

  [Symbol.iterator](): Iterator<Hole> {
    return this.#holes[Symbol.iterator]();
  }

  /** Returns the hole in which a sequence lies. */
  at(sequence: number): Hole | undefined {
    return this.#holes.find(({ first, last }) => first <= sequence && sequence <= last);
  }

  /** Adds the highest hole. Of too many, the two lowest become one. RL-34. */
  add(hole: Hole): void {
    this.#holes.push(hole);
    const [lowest, second] = this.#holes;
    if (this.#holes.length <= HOLES_MAX || lowest === undefined || second === undefined) return;
    this.#holes.splice(0, 2, { ...second, first: lowest.first });
  }

  /**
   * Shortens a hole from its upper end. RL-32.
   * @param sequence the lowest sequence that is stored now
   * @param previous its `previous`, 32 bytes
   */
  fill(hole: Hole, sequence: number, previous: Uint8Array): void {
    const rest = sequence > hole.first ? [{ first: hole.first, last: sequence - 1, previous }] : [];
    this.#holes.splice(this.#holes.indexOf(hole), 1, ...rest);
  }
}
