import type { RelayClock } from '../shared/deps.ts';

/** The one timer of an engine. Received bytes extend the deadline without touching it; it re-arms when it fires. */
export class DeadlineTimer {
  readonly #clock: RelayClock;
  readonly #fire: () => void;
  #cancel: () => void = () => {};
  #at = Number.POSITIVE_INFINITY;

  constructor(clock: RelayClock, fire: () => void) {
    this.#clock = clock;
    this.#fire = fire;
  }

  /** @param deadline milliseconds of the monotonic clock; undefined for none */
  set(deadline: number | undefined): void {
    if (deadline === undefined) {
      this.#cancel();
      this.#at = Number.POSITIVE_INFINITY;
    } else if (deadline < this.#at) {
      this.#cancel();
      this.#at = deadline;
      this.#cancel = this.#clock.after(Math.max(0, deadline - this.#clock.monotonic()), () => {
        this.#at = Number.POSITIVE_INFINITY;
        this.#fire();
      });
    }
  }
}
