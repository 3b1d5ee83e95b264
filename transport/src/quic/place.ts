import type { NativeMetrics, NativeSession } from './http3.ts';
import type { Turns } from './turns.ts';

/**
 * The place of a connection in the table of its listener. The native side names connections by their place and gives a free
 * one to the next connection, while the event that tells of the end may still be waiting for this thread. What is said to the
 * gone connection until then would reach the newcomer, so before saying something one asks whether the place is still ours.
 */
export class Place {
  readonly #session: NativeSession;
  readonly #turns: Turns;
  /** When the connection was accepted; null if it was gone by then. */
  readonly atAccept: NativeMetrics | null;

  constructor(session: NativeSession, turns: Turns) {
    this.#session = session;
    this.#turns = turns;
    this.atAccept = session.getMetrics();
  }

  /** An event of the native side is here. */
  heard(): void {
    this.#turns.heard();
  }

  /** Null once the connection is gone, whoever has its place. A round trip, see `NativeSession.getMetrics`. */
  metrics(): NativeMetrics | null {
    const metrics = this.#session.getMetrics();
    // In steps of a nanosecond and the same ever after, this time tells one connection from the next.
    return metrics?.handshakeTimeMs === this.atAccept?.handshakeTimeMs ? metrics : null;
  }

  /** Runs a task at the end of the turn; not for a connection that is gone. */
  run(task: () => void): void {
    this.#turns.run((isUpToDate) => {
      if (isUpToDate || this.metrics() !== null) task();
    });
  }
}
