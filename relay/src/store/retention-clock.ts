/** The settings of the retention clock. */
export interface RetentionClockConfig {
  /** The most that the clock gains or loses from one sweep to the next, milliseconds. */
  readonly stepMs: number;
  /** Milliseconds that never go back. */
  readonly monotonic: () => number;
  /** The relay's wall clock, milliseconds since 1970. */
  readonly wall: () => number;
}

/**
 * The time by which envelopes age: it passes as the monotonic clock does, and approaches the wall clock by at most one
 * step per sweep. So a jump of the wall clock, and a long stop, expire nothing at once. RL-30, RL-47, RL-52.
 */
export class RetentionClock {
  readonly #config: RetentionClockConfig;
  #sweptMs: number;
  /** The monotonic clock at that time. */
  #sweptAt: number;

  constructor(config: RetentionClockConfig) {
    this.#config = config;
    this.#sweptMs = config.wall();
    this.#sweptAt = config.monotonic();
  }

  /** Goes on from the last sweep of an earlier run, milliseconds since 1970; undefined at the first start. */
  resume(lastMs: number | undefined): void {
    this.#sweptMs = lastMs ?? this.#sweptMs;
    this.advance();
  }

  /** Returns the wall clock, at most one step away from the time that has passed, milliseconds since 1970. */
  read(): number {
    const { stepMs, wall, monotonic } = this.#config;
    const passed = this.#sweptMs + Math.floor(monotonic() - this.#sweptAt);
    return Math.max(passed - stepMs, Math.min(passed + stepMs, wall()));
  }

  /** Takes the current reading as that of a sweep. @returns it */
  advance(): number {
    this.#sweptMs = this.read();
    this.#sweptAt = this.#config.monotonic();
    return this.#sweptMs;
  }
}
