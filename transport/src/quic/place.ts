import type { NativeMetrics, NativeSession } from './http3.ts';
import { NEWCOMER_MS_MIN, type Turns } from './turns.ts';
import type { WindowWatch } from './window-watch.ts';

/**
 * A connection's place in the table of its listener. The native side names connections by their places and reuses a
 * free place at once, while the event of the old connection's end may still wait for this thread. A call for the old
 * connection would then reach the new one, so each call first checks that the place still belongs to its connection.
 */
export class Place {
  readonly #session: NativeSession;
  readonly #turns: Turns;
  /** The one watch of the listener: all its connections ask the same native thread. */
  readonly watch: WindowWatch;
  /** The metrics when the connection was accepted; null if it was gone by then. */
  readonly atAccept: NativeMetrics | null;
  /** When the native side last had this connection, by `performance.now`. */
  #seenAtMs = Number.NEGATIVE_INFINITY;

  constructor(session: NativeSession, { turns, watch }: { readonly turns: Turns; readonly watch: WindowWatch }) {
    this.#session = session;
    this.#turns = turns;
    this.watch = watch;
    this.atAccept = session.getMetrics();
  }

  /** Called at every event of the native side. */
  heard(): void {
    this.#turns.heard();
  }

  /** Returns the connection's metrics; null when it is gone, whoever has its place. See `NativeSession.getMetrics`. */
  metrics(): NativeMetrics | null {
    const askedAtMs = performance.now();
    const metrics = this.#session.getMetrics();
    // This time has steps of a nanosecond and never changes, so it tells one connection from the next.
    const isMine = metrics?.handshakeTimeMs === this.atAccept?.handshakeTimeMs;
    this.#seenAtMs = isMine ? askedAtMs : Number.NEGATIVE_INFINITY;
    return isMine ? metrics : null;
  }

  /** True when no other connection can have this place. The native side is not asked twice in so short a time. */
  get isKept(): boolean {
    return performance.now() - this.#seenAtMs < NEWCOMER_MS_MIN || this.metrics() !== null;
  }

  /**
   * Runs a task at the end of the turn, unless the connection is gone.
   * @param bufferedBytes the bytes that the connection has to write
   */
  run(task: () => void, bufferedBytes: () => number): void {
    this.#turns.run({
      bufferedBytes,
      run: (isUpToDate) => {
        if (isUpToDate || this.isKept) task();
      },
    });
  }
}
