import { type Clock, systemClock } from '@0k-sync/client/node';

interface Timer {
  readonly dueMs: number;
  readonly callback: () => void;
  /** Takes the machine's timer back, if there is one. */
  cancel: () => void;
}

/** The machine's clock until it is moved for the first time; from then on it stands, and only moves. ZKCP `env`. */
export class MovableClock implements Clock {
  readonly #timers = new Set<Timer>();
  #standsAtMs: number | undefined;

  now(): number {
    return this.#standsAtMs ?? systemClock.now();
  }

  after(delayMs: number, callback: () => void): () => void {
    const timer: Timer = { dueMs: this.now() + delayMs, callback, cancel: () => {} };
    this.#timers.add(timer);
    // A timer that is due already runs soon, also while the clock stands.
    if (this.#standsAtMs === undefined || delayMs <= 0) {
      timer.cancel = systemClock.after(delayMs, () => {
        this.#timers.delete(timer);
        callback();
      });
    }
    return () => {
      timer.cancel();
      this.#timers.delete(timer);
    };
  }

  /** Stands at this time, milliseconds since 1970. What is due by then has run when this returns, in the order due. */
  set(nowMs: number): void {
    for (const timer of this.#timers) timer.cancel();
    this.#standsAtMs = nowMs;
    for (let next = this.#nextDue(); next !== undefined; next = this.#nextDue()) {
      this.#timers.delete(next);
      next.callback();
    }
  }

  advance(ms: number): void {
    this.set(this.now() + ms);
  }

  #nextDue(): Timer | undefined {
    const due = [...this.#timers].filter(({ dueMs }) => dueMs <= this.now());
    return due.sort((a, b) => a.dueMs - b.dueMs)[0];
  }
}
