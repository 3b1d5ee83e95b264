import type { Store, SweepPosition, Swept } from './port.ts';
import type { RetentionClock } from './retention-clock.ts';

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
}

/** Removes old envelopes slice by slice, and tells which ones are expired meanwhile. RL-47, RL-52. */
export class Retention {
  readonly #config: RetentionConfig;
  readonly #store: Store;
  readonly #clock: RetentionClock;
  #timer: NodeJS.Timeout | undefined;
  #sweeping: Promise<void> | undefined;

  constructor(config: RetentionConfig, store: Store, clock: RetentionClock) {
    this.#config = config;
    this.#store = store;
    this.#clock = clock;
  }

  /** Envelopes received up to this time are expired, milliseconds since 1970; 0 when age expires nothing. */
  expiredUntil(): number {
    return this.#config.age_seconds === 0 ? 0 : Math.max(0, this.#clock.read() - this.#config.age_seconds * SECOND_MS);
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
    const clockMs = this.#clock.advance();
    for (let position: SweepPosition | undefined = START; position !== undefined; ) {
      const swept: Swept | undefined = await this.#store
        .perform({
          kind: 'sweep',
          position,
          clockMs,
          expireUntilMs: this.expiredUntil(),
          groupBytes: this.#config.group_bytes,
          removeAcknowledged: this.#config.remove_acknowledged,
        })
        .catch(() => undefined);
      position = swept?.next;
    }
  }
}
