import { type Clock, systemClock } from '@0k-sync/client/node';

interface Timer {
  readonly dueMs: number;
  readonly callback: () => void;
  cancel: () => void;
}

/** The machine's clock, moved: what is due after a move runs in its order. */
export class MovableClock implements Clock {
  readonly #timers = new Set<Timer>();
  #offsetMs = 0;

  now(): number {
    return systemClock.now() + this.#offsetMs;
  }

  after(delayMs: number, callback: () => void): () => void {
    const timer: Timer = { dueMs: this.now() + delayMs, callback, cancel: () => {} };
    this.#timers.add(timer);
    this.#arm(timer);
    return () => {
      timer.cancel();
      this.#timers.delete(timer);
    };
  }

  /** Shows this time from now on, milliseconds since 1970. */
  set(nowMs: number): void {
    this.advance(nowMs - this.now());
  }

  advance(ms: number): void {
    this.#offsetMs += ms;
    for (const timer of [...this.#timers].sort((a, b) => a.dueMs - b.dueMs)) {
      timer.cancel();
      this.#arm(timer);
    }
  }

  #arm(timer: Timer): void {
    timer.cancel = systemClock.after(timer.dueMs - this.now(), () => {
      this.#timers.delete(timer);
      timer.callback();
    });
  }
}
