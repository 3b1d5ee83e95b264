/** One of those whose work is done in turns. */
export interface TurnTaker {
  /**
   * Does about as many operations as it may, and calls `wake` again if work is left.
   * @returns the operations that it did; more than it may are taken from its next turns
   */
  takeTurn(operations: number): number;
}

/** Operations of one turn. One takes a few microseconds. */
const TURN_OPERATIONS = 32;
/** Operations of all turns between two looks at the network. */
const ROUND_OPERATIONS = 128;

/**
 * Gives turns to those with work, so that none waits for the whole work of another. One that was idle waits for at most
 * one turn of those that always have work; a turn that was too long costs the next ones. RL-73.
 */
export class FairTurns {
  readonly #schedule: (round: () => void) => void;
  /** Those that were idle before they woke, and those that had work left after their turn; in the order they came. */
  readonly #fresh = new Set<TurnTaker>();
  readonly #busy = new Set<TurnTaker>();
  readonly #owed = new WeakMap<TurnTaker, number>();
  #current: TurnTaker | undefined;
  #isScheduled = false;
  #isFreshNext = true;

  /** @param schedule runs a round after the network's events were taken; setImmediate does */
  constructor(schedule: (round: () => void) => void = setImmediate) {
    this.#schedule = schedule;
  }

  /** Gives a turn to one that has work. */
  wake(taker: TurnTaker): void {
    if (this.#fresh.has(taker) || this.#busy.has(taker)) return;
    const isBusy = taker === this.#current || this.#owed.has(taker);
    (isBusy ? this.#busy : this.#fresh).add(taker);
    this.#scheduleRound();
  }

  /** Forgets one that is over. */
  leave(taker: TurnTaker): void {
    this.#fresh.delete(taker);
    this.#busy.delete(taker);
  }

  #scheduleRound(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#schedule(() => this.#round());
  }

  #round(): void {
    for (let left = ROUND_OPERATIONS; left > 0; ) {
      const taker = this.#next();
      if (taker === undefined) break;
      left -= this.#giveTurn(taker);
    }
    this.#isScheduled = false;
    if (this.#fresh.size + this.#busy.size > 0) this.#scheduleRound();
  }

  /** Takes from both in turn, so that many that come and go do not hold up those that stay. */
  #next(): TurnTaker | undefined {
    const [first, second] = this.#isFreshNext ? [this.#fresh, this.#busy] : [this.#busy, this.#fresh];
    this.#isFreshNext = !this.#isFreshNext;
    return takeFirst(first) ?? takeFirst(second);
  }

  #giveTurn(taker: TurnTaker): number {
    const owed = this.#owed.get(taker) ?? 0;
    if (owed >= TURN_OPERATIONS) {
      this.#owe(taker, owed - TURN_OPERATIONS);
      this.#busy.add(taker);
      return 0;
    }
    this.#current = taker;
    const done = taker.takeTurn(TURN_OPERATIONS - owed);
    this.#current = undefined;
    this.#owe(taker, Math.max(0, owed + done - TURN_OPERATIONS));
    return done;
  }

  #owe(taker: TurnTaker, operations: number): void {
    if (operations > 0) this.#owed.set(taker, operations);
    else this.#owed.delete(taker);
  }
}

function takeFirst(takers: Set<TurnTaker>): TurnTaker | undefined {
  for (const taker of takers) {
    takers.delete(taker);
    return taker;
  }
  return undefined;
}
