import { type Clock, systemClock } from '@0k-sync/client/node';

interface Timer {
  /** Monotonic time, ms. */
  readonly dueMs: number;
  readonly callback: () => void;
  /** Takes the machine's timer back, if there is one. */
  cancel: () => void;
}

/** The machine's clocks until one is moved for the first time; from then on they stand, and only move. ZKCP `env`. */
export class MovableClock implements Clock {
  readonly #timers = new Set<Timer>();
  /** The times of the wall clock and the monotonic clock, once they stand. */
  #stands: { wallMs: number; monotonicMs: number } | undefined;

  now(): number {
    return this.#stands?.wallMs ?? systemClock.now();
  }

  monotonic(): number {
    return this.#stands?.monotonicMs ?? systemClock.monotonic();
  }

  after(delayMs: number, callback: () => void): () => void {
    const timer: Timer = { dueMs: this.monotonic() + delayMs, callback, cancel: () => {} };
    this.#timers.add(timer);
    // A timer that is due already runs soon, also while the clock stands.
    if (this.#stands === undefined || delayMs <= 0) {
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

  /** Sets the wall clock alone, milliseconds since 1970. No timer falls due by it. OV-07. */
  set(nowMs: number): void {
    this.#stop().wallMs = nowMs;
    this.#runDue();
  }

  /** Moves both clocks. What is due by then has run when this returns, in the order due. */
  advance(ms: number): void {
    const stands = this.#stop();
    stands.wallMs += ms;
    stands.monotonicMs += ms;
    this.#runDue();
  }

  #runDue(): void {
    for (let next = this.#nextDue(); next !== undefined; next = this.#nextDue()) {
      this.#timers.delete(next);
      next.callback();
    }
  }

  #stop(): { wallMs: number; monotonicMs: number } {
    for (const timer of this.#timers) timer.cancel();
    this.#stands ??= { wallMs: systemClock.now(), monotonicMs: systemClock.monotonic() };
    return this.#stands;
  }

  #nextDue(): Timer | undefined {
    const due = [...this.#timers].filter(({ dueMs }) => dueMs <= this.monotonic());
    return due.sort((a, b) => a.dueMs - b.dueMs)[0];
  }
}
