import type { Clock } from './clock.ts';

interface Timer {
  /** Time when it falls due, monotonic, ms. */
  readonly at: number;
  readonly callback: () => void;
}

/** Turns of the event loop after which nothing in memory moves any more. */
const TURNS = 40;

/** The wall clock's time at the start, ms since 1970. */
const START_MS = 1_700_000_000_000;

/** Lets promises, deliveries and in-memory connections run until nothing moves unless time passes. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** A clock that stands still until a test moves it. */
export class VirtualClock implements Clock {
  #elapsed = 0;
  #wallAtStart = START_MS;
  readonly #timers = new Set<Timer>();

  monotonic(): number {
    return this.#elapsed;
  }

  wall(): number {
    return this.#wallAtStart + this.#elapsed;
  }

  /** The wall clock, under the name that the client's clock gives it. */
  now(): number {
    return this.wall();
  }

  /** Number of timers that are set. */
  get timers(): number {
    return this.#timers.size;
  }

  after(delayMs: number, callback: () => void): () => void {
    const timer = { at: this.#elapsed + Math.max(0, delayMs), callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Lets `ms` pass: calls every timer that falls due, in order, and lets its effects run before time goes on. */
  async advance(ms: number): Promise<void> {
    await settle();
    const end = this.#elapsed + ms;
    for (let timer = this.#nextUntil(end); timer !== undefined; timer = this.#nextUntil(end)) {
      this.#timers.delete(timer);
      this.#elapsed = Math.max(this.#elapsed, timer.at);
      timer.callback();
      await settle();
    }
    this.#elapsed = end;
  }

  /** Moves the wall clock alone, forth or back, as an operator or NTP does. No timer falls due. */
  stepWall(ms: number): void {
    this.#wallAtStart += ms;
  }

  #nextUntil(end: number): Timer | undefined {
    return [...this.#timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
  }
}
