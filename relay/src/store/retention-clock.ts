/** The settings of the retention clock. */
export interface RetentionClockConfig {
  /** The most that the clock moves from one sweep to the next, milliseconds. */
  readonly stepMs: number;
  /** The relay's wall clock, milliseconds since 1970. */
  readonly wall: () => number;
}

/**
 * The time by which envelopes age: it follows the wall clock by at most one step per sweep. So a jump of the wall clock
 * expires nothing at once, and gives no envelope a time far ahead. RL-30, RL-47, RL-52.
 */
export class RetentionClock {
  readonly #config: RetentionClockConfig;
  #sweptMs: number;

  constructor(config: RetentionClockConfig) {
    this.#config = config;
    this.#sweptMs = config.wall();
  }

  /** Goes on from the last sweep of an earlier run, milliseconds since 1970; undefined at the first start. */
  resume(lastMs: number | undefined): void {
    this.#sweptMs = lastMs ?? this.#sweptMs;
    this.advance();
  }

  /** Returns the wall clock, bounded to one step from the last sweep, milliseconds since 1970. */
  read(): number {
    const { stepMs, wall } = this.#config;
    return Math.max(this.#sweptMs - stepMs, Math.min(this.#sweptMs + stepMs, wall()));
  }

  /** Takes the current reading as that of a sweep. @returns it */
  advance(): number {
    this.#sweptMs = this.read();
    return this.#sweptMs;
  }
}
