import type { NativeMetrics, NativeSession } from './http3.ts';

/** In less time no newcomer gets through its QUIC handshake and opens a stream. */
const NEWCOMER_MS_MIN = 2;

/** When a listener last heard from its native side, by `performance.now`: by then it had been told of every end before. */
export interface Pulse {
  heardAtMs: number;
}

/**
 * The place of a connection in the table of its listener. The native side names connections by their place and gives a free
 * one to the next connection, while the event that tells of the end may still be waiting for this thread. What is said to the
 * gone connection until then would reach the newcomer, so before saying something one asks whether the place is still ours.
 */
export class Place {
  readonly #session: NativeSession;
  readonly #pulse: Pulse;
  /** In steps of a nanosecond and the same ever after, it tells one connection from the next. */
  readonly #handshakeTimeMs: number | undefined;

  constructor(session: NativeSession, pulse: Pulse) {
    this.#session = session;
    this.#pulse = pulse;
    this.#handshakeTimeMs = session.getMetrics()?.handshakeTimeMs;
    this.heard();
  }

  /** An event of the native side arrived. */
  heard(): void {
    this.#pulse.heardAtMs = performance.now();
  }

  /** Null once the connection is gone, whoever has its place. A round trip, see `NativeSession.getMetrics`. */
  metrics(): NativeMetrics | null {
    const metrics = this.#session.getMetrics();
    return metrics?.handshakeTimeMs === this.#handshakeTimeMs ? metrics : null;
  }

  /** Asks only when a newcomer could have opened a stream since the native side was last heard. */
  isOursForWriting(): boolean {
    return performance.now() - this.#pulse.heardAtMs < NEWCOMER_MS_MIN || this.metrics() !== null;
  }
}
