/**
 * Those with work, by what their turn is for: they were idle before they woke; they make a Page or Deliver; they had other
 * work left after their turn; nobody has let them in yet. RL-73.
 */
const LANES = ['fresh', 'pages', 'busy', 'strangers'] as const;
/** The lanes that a taker asks for: one that had work left is `busy` instead of `fresh`. */
export type Lane = Exclude<(typeof LANES)[number], 'busy'>;

/** One of those whose work is done in turns. */
export interface TurnTaker {
  /**
   * Does about as many operations as it may, and calls `wake` again if work is left. It makes a Page or Deliver only in a turn
   * of the lane `pages`.
   * @returns the operations that it did; more than it may are taken from its next turns
   */
  takeTurn(operations: number, lane: Lane): number;
}

/** Operations of one turn. One takes a few microseconds. */
const TURN_OPERATIONS = 32;
/** Operations of all turns between two looks at the network. */
const ROUND_OPERATIONS = 256;

/**
 * Gives turns to those with work, so that none waits for the whole work of another. The lanes have equal parts of the
 * operations, so that a crowd of one kind (connections that begin, readers that ask for pages) delays those of another by one
 * turn only, and a long queue of short turns by few long ones; a turn that was too long costs the next ones. RL-73.
 */
export class FairTurns {
  readonly #schedule: (round: () => void) => void;
  /** Those with work, in the order they came. */
  readonly #lanes = LANES.map(() => new Map<TurnTaker, Lane>());
  readonly #owed = new WeakMap<TurnTaker, number>();
  #current: TurnTaker | undefined;
  #isScheduled = false;
  #lastLane = LANES.length - 1;
  /** The operations of each lane. */
  readonly #spent = LANES.map(() => 0);
  /** Those of the lane that had the last turn, before it: a lane that was empty has no claim to more. */
  #reached = 0;

  /** @param schedule runs a round after the network's events were taken; setImmediate does */
  constructor(schedule: (round: () => void) => void = setImmediate) {
    this.#schedule = schedule;
  }

  /** Gives a turn to one that has work. One that waits already keeps its place. */
  wake(taker: TurnTaker, lane: Lane): void {
    if (this.#lanes.some((waiting) => waiting.has(taker))) return;
    this.#add(taker, lane, taker === this.#current || this.#owed.has(taker));
    this.#scheduleRound();
  }

  /** Forgets one that is over. */
  leave(taker: TurnTaker): void {
    for (const waiting of this.#lanes) waiting.delete(taker);
  }

  #scheduleRound(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#schedule(() => this.#round());
  }

  #round(): void {
    for (let left = ROUND_OPERATIONS; left > 0; ) {
      const next = this.#next();
      if (next === undefined) break;
      const done = this.#giveTurn(...next);
      left -= done;
      // A turn without an operation takes time, too.
      this.#spent[this.#lastLane] = this.#reached + Math.max(1, done);
    }
    this.#isScheduled = false;
    if (this.#lanes.some((waiting) => waiting.size > 0)) this.#scheduleRound();
  }

  #add(taker: TurnTaker, lane: Lane, isBusy: boolean): void {
    const index = LANES.indexOf(lane === 'fresh' && isBusy ? 'busy' : lane);
    const waiting = this.#lanes[index];
    if (waiting?.size === 0) this.#spent[index] = Math.max(this.#spentOf(index), this.#reached);
    waiting?.set(taker, lane);
  }

  /** Takes the first of the lane that had the fewest operations; of two, the one whose last turn is longer ago. */
  #next(): [TurnTaker, Lane] | undefined {
    let next: number | undefined;
    for (let step = 1; step <= LANES.length; step += 1) {
      const lane = (this.#lastLane + step) % LANES.length;
      if (this.#lanes[lane]?.size === 0) continue;
      if (next === undefined || this.#spentOf(lane) < this.#spentOf(next)) next = lane;
    }
    const waiting = next === undefined ? undefined : this.#lanes[next];
    const first = waiting?.entries().next().value;
    if (next === undefined || first === undefined) return undefined;
    waiting?.delete(first[0]);
    this.#lastLane = next;
    this.#reached = this.#spentOf(next);
    return first;
  }

  #spentOf(lane: number): number {
    return this.#spent[lane] ?? 0;
  }

  #giveTurn(taker: TurnTaker, lane: Lane): number {
    const owed = this.#owed.get(taker) ?? 0;
    if (owed >= TURN_OPERATIONS) {
      this.#owe(taker, owed - TURN_OPERATIONS);
      this.#add(taker, lane, true);
      return 0;
    }
    this.#current = taker;
    const done = taker.takeTurn(TURN_OPERATIONS - owed, lane);
    this.#current = undefined;
    this.#owe(taker, Math.max(0, owed + done - TURN_OPERATIONS));
    return done;
  }

  #owe(taker: TurnTaker, operations: number): void {
    if (operations > 0) this.#owed.set(taker, operations);
    else this.#owed.delete(taker);
  }
}
