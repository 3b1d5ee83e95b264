/** The shortest time in which a new connection completes its handshake and opens a stream, ms. */
const NEWCOMER_MS_MIN = 1;

/** Gets true when no event of the native side older than NEWCOMER_MS_MIN waits for this thread. */
type Task = (isUpToDate: boolean) => void;

/** All events of the native side before this time were taken by this thread, by `performance.now`. */
let lookedAtMs = 0;

/**
 * Runs long work of this thread after a turn's events were taken. The thread looks at the network again before the writes that
 * the work asked for leave, so they need not wait for another turn, and the time that the work took does not make them late.
 */
export function betweenLooks(work: () => void): void {
  setImmediate(() => {
    let endedAtMs = 0;
    // This runs in the next turn, before the writes, when the events up to the end of the work were taken.
    setImmediate(() => {
      lookedAtMs = endedAtMs;
    });
    work();
    endedAtMs = performance.now();
  });
}

/**
 * Runs a listener's tasks at the end of a turn of the event loop, when the turn's native events were taken. After a
 * long turn they wait for the end of another, because this thread may have fallen behind.
 */
export class Turns {
  #tasks: Task[] = [];
  /** All native events before this time were taken, by `performance.now`. */
  #tookEventsAtMs = 0;
  #isSecondTurn = false;

  /** Called at every event of the native side. */
  heard(): void {
    this.#tookEventsAtMs = performance.now();
  }

  /** Tasks run in the order given. */
  run(task: Task): void {
    this.#tasks.push(task);
    if (this.#tasks.length === 1) setImmediate(() => this.#end());
  }

  #end(): void {
    const now = performance.now();
    const tookEventsAt = Math.max(this.#tookEventsAtMs, lookedAtMs);
    // The next turn takes events before it ends.
    this.#tookEventsAtMs = now;
    if (now - tookEventsAt >= NEWCOMER_MS_MIN && !this.#isSecondTurn) {
      this.#isSecondTurn = true;
      setImmediate(() => this.#end());
      return;
    }
    this.#isSecondTurn = false;
    const tasks = this.#tasks;
    this.#tasks = [];
    for (const task of tasks) task(performance.now() - tookEventsAt < NEWCOMER_MS_MIN);
  }
}
