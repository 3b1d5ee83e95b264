/** Time for either end: the client's clock (`now`, `after`) and the relay's (`monotonic`, `wall`, `after`) in one. */
export interface Clock {
  /** Milliseconds that never go back; for deadlines. */
  monotonic(): number;
  /** Milliseconds since 1970; may step. */
  wall(): number;
  /** Calls back once after `delayMs`. The returned function cancels that. */
  after(delayMs: number, callback: () => void): () => void;
}

/** The machine's clock. A timer that is set keeps the process alive. */
export const systemClock: Clock = {
  monotonic: () => performance.now(),
  wall: () => Date.now(),
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, Math.max(0, delayMs));
    return () => clearTimeout(timer);
  },
};
