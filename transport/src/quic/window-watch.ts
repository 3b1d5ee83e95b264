/** The finding of a look at one that waits for room. */
export type Look = 'room' | 'moved' | 'still';

/** One that waits for room, and asks the native side to find out. */
export interface Watched {
  look(): Look;
}

/** The clock of a watch, milliseconds, and its one timer. */
export interface WatchClock {
  now(): number;
  /** Calls back once. @returns a function that cancels the call */
  after(delayMs: number, callback: () => void): () => void;
}

const CLOCK: WatchClock = {
  now: () => performance.now(),
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};

/** Pauses between two looks at the same one double up to the second while nothing moves. */
const PAUSE_MS = 1;
const PAUSE_MS_MAX = 512;
/** A look waits for the native thread. This thread spends one part in so many of its time on looks. */
const PARTS = 5;
/** Looks follow each other without a pause until they took this long, ms. */
const LOOKS_MS = 0.25;

interface Wait {
  pauseMs: number;
  dueAt: number;
}

/**
 * Looks at those that wait for room or for the end of a connection, one at a time, who was not looked at for the longest time
 * first. However many wait, the looks take a bounded part of this thread's time. RL-72.
 */
export class WindowWatch {
  readonly #clock: WatchClock;
  /** In the order of their last looks. */
  readonly #waiting = new Map<Watched, Wait>();
  /** No look before this time. */
  #notBefore = 0;
  #timerAt = Number.POSITIVE_INFINITY;
  #cancel = (): void => {};

  constructor(clock: WatchClock = CLOCK) {
    this.#clock = clock;
  }

  /** Looks at one until it has room. */
  add(watched: Watched): void {
    if (this.#waiting.has(watched)) return;
    this.#wait(watched, PAUSE_MS);
    this.#setTimer();
  }

  /** Looks once, not before `delayMs` have passed. @returns a function that gives the look up */
  once(delayMs: number, look: () => void): () => void {
    const watched: Watched = {
      look: () => {
        look();
        return 'room';
      },
    };
    this.#wait(watched, delayMs);
    this.#setTimer();
    return () => this.delete(watched);
  }

  delete(watched: Watched): void {
    this.#waiting.delete(watched);
    this.#setTimer();
  }

  #wait(watched: Watched, pauseMs: number): void {
    this.#waiting.set(watched, { pauseMs, dueAt: this.#clock.now() + pauseMs });
  }

  #setTimer(): void {
    let dueAt = Number.POSITIVE_INFINITY;
    for (const wait of this.#waiting.values()) dueAt = Math.min(dueAt, wait.dueAt);
    const at = Math.max(dueAt, this.#notBefore);
    if (at === this.#timerAt) return;
    this.#cancel();
    this.#timerAt = at;
    if (this.#waiting.size === 0) return;
    this.#cancel = this.#clock.after(Math.max(PAUSE_MS, at - this.#clock.now()), () => {
      this.#timerAt = Number.POSITIVE_INFINITY;
      this.#lookAround();
      this.#setTimer();
    });
  }

  #lookAround(): void {
    const begun = this.#clock.now();
    let ended = begun;
    for (const [watched, wait] of this.#waiting) {
      if (wait.dueAt > begun) continue;
      this.#lookAt(watched, wait);
      ended = this.#clock.now();
      if (ended - begun >= LOOKS_MS) break;
    }
    this.#notBefore = ended + (PARTS - 1) * (ended - begun);
  }

  #lookAt(watched: Watched, { pauseMs }: Wait): void {
    this.#waiting.delete(watched);
    const look = watched.look();
    if (look === 'moved') this.#wait(watched, PAUSE_MS);
    else if (look === 'still') this.#wait(watched, Math.min(2 * pauseMs, PAUSE_MS_MAX));
  }
}
