import type { Store, SweepPosition, Swept } from './port.ts';

const SECOND_MS = 1000;
const START: SweepPosition = { group: 0, removed: 0 };

/** The settings of removal. RL-50, RL-52. */
export interface RetentionConfig {
  /** Age at which an envelope expires, seconds; 0 expires nothing. */
  readonly age_seconds: number;
  /** Bytes that a group may keep; 0 is no limit. */
  readonly group_bytes: number;
  /** Removes what every device of the group has acknowledged. */
  readonly remove_acknowledged: boolean;
  /** Time from one sweep to the next, seconds. */
  readonly sweep_seconds: number;
  /** The most that the retention clock moves between two sweeps, seconds. */
  readonly clock_step_seconds: number;
}

/**
 * Removes old envelopes slice by slice, and tells which ones are expired meanwhile.
 *
 * Its own clock follows the wall clock by at most `clock_step_seconds` per sweep, so that a jump of the wall clock
 * expires nothing at once. RL-47, RL-52.
 */
export class Retention {
  readonly #config: RetentionConfig;
  readonly #store: Store;
  readonly #wallClock: () => number;
  #nowMs: number;
  #timer: NodeJS.Timeout | undefined;
  #sweeping: Promise<void> | undefined;

  /**
   * @param wallClock gives milliseconds since 1970
   * @param lastMs the retention clock as the last sweep of an earlier run left it; undefined at the first start
   */
  constructor(config: RetentionConfig, store: Store, wallClock: () => number, lastMs: number | undefined) {
    this.#config = config;
    this.#store = store;
    this.#wallClock = wallClock;
    this.#nowMs = lastMs ?? wallClock();
    this.#advance();
  }

  /** Envelopes received up to this time are expired, milliseconds since 1970; 0 when age expires nothing. */
  expiredUntil(): number {
    return this.#config.age_seconds === 0 ? 0 : Math.max(0, this.#read() - this.#config.age_seconds * SECOND_MS);
  }

  start(): void {
    this.#timer = setInterval(() => {
      this.#sweeping ??= this.sweep().finally(() => {
        this.#sweeping = undefined;
      });
    }, this.#config.sweep_seconds * SECOND_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#sweeping;
  }

  /** Sweeps all groups once; a slice that storage refuses is left for the next sweep. */
  async sweep(): Promise<void> {
    this.#advance();
    for (let position: SweepPosition | undefined = START; position !== undefined; ) {
      const swept: Swept | undefined = await this.#store
        .perform({
          kind: 'sweep',
          position,
          clockMs: this.#nowMs,
          expireUntilMs: this.expiredUntil(),
          groupBytes: this.#config.group_bytes,
          removeAcknowledged: this.#config.remove_acknowledged,
        })
        .catch(() => undefined);
      position = swept?.next;
    }
  }

  /** Advances the retention clock to the current reading. */
  #advance(): void {
    this.#nowMs = this.#read();
  }

  /** Reads the wall clock, bounded to one step from the last sweep. */
  #read(): number {
    const step = this.#config.clock_step_seconds * SECOND_MS;
    return Math.max(this.#nowMs - step, Math.min(this.#nowMs + step, this.#wallClock()));
  }
}
