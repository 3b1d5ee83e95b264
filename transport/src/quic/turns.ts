/** In less time no newcomer gets through its QUIC handshake and opens a stream. */
const NEWCOMER_MS_MIN = 1;

/** Told whether this thread is up to date: whether nothing that the native side told so long ago still waits for it. */
type Task = (isUpToDate: boolean) => void;

/**
 * Runs what a listener has to say at the end of a turn of the event loop, when the events of the native side were taken. If
 * that turn was long, it waits for the end of another: this thread may have fallen behind.
 */
export class Turns {
  #tasks: Task[] = [];
  /** Of what was told before this nothing waits at the end of a turn, by `performance.now`. */
  #tookEventsAtMs = 0;
  #isSecondTurn = false;

  /** An event of the native side is here. */
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
    const tookEventsAt = this.#tookEventsAtMs;
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
