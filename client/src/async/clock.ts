/** Time as the session sees it; tests inject a virtual one. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls back once after `delayMs`; the returned function takes that back. */
  after(delayMs: number, callback: () => void): () => void;
}

/** The longest delay that the platform's timers take, ms. */
const TIMER_MS_MAX = 2 ** 31 - 1;

/** The machine's clock. Its timers keep a process alive, as the session that set them does. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, Math.min(Math.max(delayMs, 0), TIMER_MS_MAX));
    return () => clearTimeout(timer);
  },
};
