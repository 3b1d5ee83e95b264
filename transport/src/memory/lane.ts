/** Runs a task after the current call; tasks run in the order given. */
export type Schedule = (task: () => void) => void;

interface Item {
  /** Runs when the item arrives. */
  readonly deliver: () => void;
  /** Runs at the sending end when the item has left, delivered or not. */
  readonly taken: () => void;
}

/** One direction of a link: items arrive in order, one per turn of the scheduler, unless held back or silenced. */
export class Lane {
  readonly #schedule: Schedule;
  readonly #items: Item[] = [];
  #isHeld = false;
  #isSilent = false;
  #due = 0;

  constructor(schedule: Schedule) {
    this.#schedule = schedule;
  }

  send(deliver: () => void, taken: () => void): void {
    this.#items.push({ deliver, taken });
    this.#schedule(() => this.#next());
  }

  /** Stops deliveries until `release`. */
  hold(): void {
    this.#isHeld = true;
  }

  release(): void {
    this.#isHeld = false;
    for (; this.#due > 0; this.#due -= 1) this.#schedule(() => this.#next());
  }

  /** Stops deliveries for good; the sender is not told. */
  silence(): void {
    this.#isSilent = true;
  }

  #next(): void {
    if (this.#isHeld) {
      this.#due += 1;
      return;
    }
    const item = this.#items.shift();
    if (!this.#isSilent) item?.deliver();
    item?.taken();
  }
}
