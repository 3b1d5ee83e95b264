import type { RandomSource } from '@0k-sync/core/crypto';
import { RECONNECT_MS_MAX, RECONNECT_MS_MIN, RECONNECT_STABLE_MS } from '@0k-sync/generated/limits';

/** The time until a lost connection is tried again: full jitter over a window that doubles. CL-36. */
export class Backoff {
  readonly #random: RandomSource;
  #attempt = 0;

  constructor(random: RandomSource) {
    this.#random = random;
  }

  /** Draws the time to wait now, ms: uniformly random up to the window, which then doubles. */
  nextDelay(): number {
    const window = Math.min(RECONNECT_MS_MAX, RECONNECT_MS_MIN * 2 ** this.#attempt);
    if (window < RECONNECT_MS_MAX) this.#attempt += 1;
    return Math.floor(uniform(this.#random) * (window + 1));
  }

  /**
   * Begins with the smallest window again if the session that has just ended was stable. `lastedMs`: its duration, ms.
   */
  noteSession(lastedMs: number): void {
    if (lastedMs >= RECONNECT_STABLE_MS) this.#attempt = 0;
  }
}

/** A number in [0, 1) with 32 random bits. */
function uniform(random: RandomSource): number {
  const bytes = random(4);
  return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0) / 2 ** 32;
}
