/** The shortest time in which a new connection completes its handshake and opens a stream, ms. */
export const NEWCOMER_MS_MIN = 1;

/** A task of a connection that writes. */
export interface TurnTask {
  /** Returns the bytes that the connection has to write. */
  bufferedBytes(): number;
  /** @param isUpToDate true when no event of the native side older than NEWCOMER_MS_MIN waits for this thread */
  run(isUpToDate: boolean): void;
}

/** Tasks with more bytes come behind the others: an answer of a few bytes does not wait for the pages of many readers. */
const SMALL_BYTES_MAX = 16 * 1024;
/**
 * Small and large tasks that run in one turn though the thread may have fallen behind: each of them asks whether its
 * connection is there.
 */
const [SMALL_MIN, LARGE_MIN] = [8, 2];

/** All events of the native side before this time were taken by this thread, by `performance.now`. */
let lookedAtMs = 0;
/** The works whose next look is still to come, and those that wait for a look. */
let works = 0;
let waiting: (() => void)[] = [];

/**
 * Runs long work of this thread after a turn's events were taken. The thread looks at the network again before the writes that
 * the work asked for leave, so they need not wait for another turn, and the time that the work took does not make them late.
 */
export function betweenLooks(work: () => void): void {
  works += 1;
  setImmediate(() => {
    let endedAtMs = 0;
    // This runs in the next turn, before the writes, when the events up to the end of the work were taken.
    setImmediate(() => {
      lookedAtMs = endedAtMs;
      works -= 1;
      const tasks = waiting;
      waiting = [];
      for (const task of tasks) task();
    });
    work();
    endedAtMs = performance.now();
  });
}

/** Runs a task after the next look at the network: in the next turn, but before the work of that turn. */
function afterNextLook(task: () => void): void {
  if (works > 0) waiting.push(task);
  else setImmediate(task);
}

/**
 * Runs a listener's tasks at the end of a turn of the event loop, when the turn's native events were taken. After a
 * long turn they wait for the end of another, because this thread may have fallen behind; and so do those for which the tasks
 * before them left no time, because a question to the native side costs more than another turn.
 */
export class Turns {
  #tasks: TurnTask[] = [];
  /** All native events before this time were taken, by `performance.now`. */
  #tookEventsAtMs = 0;
  #isSecondTurn = false;

  /** Called at every event of the native side. */
  heard(): void {
    this.#tookEventsAtMs = performance.now();
  }

  /** Small tasks run in the order given, and so do large ones. */
  run(task: TurnTask): void {
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
      afterNextLook(() => this.#end());
      return;
    }
    this.#isSecondTurn = false;
    const tasks = this.#tasks;
    this.#tasks = [];
    const [small, large]: [TurnTask[], TurnTask[]] = [[], []];
    for (const task of tasks) (task.bufferedBytes() <= SMALL_BYTES_MAX ? small : large).push(task);
    const later = [...runSome(small, SMALL_MIN, tookEventsAt), ...runSome(large, LARGE_MIN, tookEventsAt)];
    if (later.length > 0) this.#runLater(later);
  }

  /** Tasks keep their order. */
  #runLater(tasks: TurnTask[]): void {
    const isScheduled = this.#tasks.length > 0;
    this.#tasks = [...tasks, ...this.#tasks];
    this.#tookEventsAtMs = performance.now();
    if (!isScheduled) afterNextLook(() => this.#end());
  }
}

/** Runs tasks while the thread is up to date, and `min` of them in any case. @returns those that are left */
function runSome(tasks: TurnTask[], min: number, tookEventsAt: number): TurnTask[] {
  for (const [index, task] of tasks.entries()) {
    const isUpToDate = performance.now() - tookEventsAt < NEWCOMER_MS_MIN;
    if (!isUpToDate && index >= min) return tasks.slice(index);
    task.run(isUpToDate);
  }
  return [];
}
