/** The time and the timers of a session; tests inject a virtual clock. */
export interface Clock {
  /** The time, milliseconds since 1970. */
  now(): number;
  /** Calls `callback` once after `delayMs`. The returned function cancels the timer. */
  after(delayMs: number, callback: () => void): () => void;
}

/** The longest delay that the platform's timers accept, ms. */
const TIMER_MS_MAX = 2 ** 31 - 1;

/** The machine's clock. A timer that is set keeps the process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, Math.min(Math.max(delayMs, 0), TIMER_MS_MAX));
    return () => clearTimeout(timer);
  },
};
