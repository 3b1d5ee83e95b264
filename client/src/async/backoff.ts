import type { RandomSource } from '@0k-sync/core/crypto';
import {
  RECONNECT_EQUAL_MAX,
  RECONNECT_EQUAL_MS_MAX,
  RECONNECT_MS_MAX,
  RECONNECT_MS_MIN,
  RECONNECT_STABLE_MS,
} from '@0k-sync/generated/limits';

/** The time until a lost connection is tried again: full jitter over a window that doubles. CL-36. */
export class Backoff {
  readonly #random: RandomSource;
  #attempt = 0;
  #failure: string | undefined;
  /** Ends in a row with that failure. */
  #equal = 0;

  constructor(random: RandomSource) {
    this.#random = random;
  }

  /** Draws the time to wait now, ms: uniformly random up to the window, which then doubles. */
  nextDelay(): number {
    const bound = this.#equal >= RECONNECT_EQUAL_MAX ? RECONNECT_EQUAL_MS_MAX : RECONNECT_MS_MAX;
    const window = Math.min(bound, RECONNECT_MS_MIN * 2 ** this.#attempt);
    this.#attempt += 1;
    return Math.floor(uniform(this.#random) * (window + 1));
  }

  /** Counts an end by its unauthenticated failure; undefined for any other end. CL-37. */
  noteEnd(failure: string | undefined): void {
    this.#equal = failure !== undefined && failure === this.#failure ? this.#equal + 1 : 1;
    if (failure === undefined) this.#equal = 0;
    this.#failure = failure;
  }

  /**
   * Begins with the smallest window again if the session that has just ended was stable. `lastedMs`: its duration, ms.
   */
  noteSession(lastedMs: number): void {
    if (lastedMs >= RECONNECT_STABLE_MS) this.reset();
  }

  /** Begins with the smallest window. CL-39. */
  reset(): void {
    this.#attempt = 0;
    this.#failure = undefined;
    this.#equal = 0;
  }
}

/** A number in [0, 1) with 32 random bits. */
function uniform(random: RandomSource): number {
  const bytes = random(4);
  return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0) / 2 ** 32;
}
