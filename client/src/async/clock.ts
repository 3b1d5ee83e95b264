/** The time and the timers of a session; tests inject a virtual clock. OV-07. */
export interface Clock {
  /** The wall clock, milliseconds since 1970: for times that are shown or sent. It may step, forth or back. */
  now(): number;
  /** Milliseconds that never go back, from any start: for durations. */
  monotonic(): number;
  /** Calls `callback` once after `delayMs` of monotonic time. The returned function cancels the timer. */
  after(delayMs: number, callback: () => void): () => void;
}

/** The longest delay that the platform's timers accept, ms. */
const TIMER_MS_MAX = 2 ** 31 - 1;

/** The machine's clock. A timer that is set keeps the process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, Math.min(Math.max(delayMs, 0), TIMER_MS_MAX));
    return () => clearTimeout(timer);
  },
};
