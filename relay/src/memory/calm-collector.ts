import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const EVERY_MS = 5000;
/** Share of the time that a calm thread works at most. */
const CALM_SHARE = 0.05;
/** Bytes of garbage that are worth a collection. */
const WORTH_BYTES = 4 * 1024 * 1024;

/** A thread as the collector sees it. */
export interface CollectedThread {
  /** Bytes of objects and buffers, garbage included. */
  usedBytes(): number;
  /** Share of the time that the thread worked since the last call, 0 to 1. */
  share(): number;
  collect(): void;
}

/**
 * Collects a thread's garbage when the thread has calmed. V8 collects while a thread allocates, and then no more: what a
 * flood left behind would stay for as long as nobody else needs the relay. RL-78.
 */
export class CalmCollector {
  readonly #thread: CollectedThread;
  #collectedBytes = 0;

  constructor(thread: CollectedThread) {
    this.#thread = thread;
  }

  /** Looks at the thread, and collects where that is worth it. */
  look(): void {
    const isCalm = this.#thread.share() <= CALM_SHARE;
    if (!isCalm || this.#thread.usedBytes() < this.#collectedBytes + WORTH_BYTES) return;
    this.#thread.collect();
    this.#collectedBytes = this.#thread.usedBytes();
  }
}

/** Collects this thread's garbage whenever it has calmed, as long as the thread lives. */
export function collectWhenCalm(): void {
  // Node offers the collector to those only who ask V8 for it.
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  let before = performance.eventLoopUtilization();
  const collector = new CalmCollector({
    usedBytes: () => {
      const { heapUsed, external } = process.memoryUsage();
      return heapUsed + external;
    },
    share: () => {
      const now = performance.eventLoopUtilization();
      const { utilization } = performance.eventLoopUtilization(now, before);
      before = now;
      return utilization;
    },
    collect,
  });
  setInterval(() => collector.look(), EVERY_MS).unref();
}
