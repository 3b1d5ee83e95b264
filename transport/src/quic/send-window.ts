import type { NativeMetrics } from './http3.ts';
import type { Look, Watched, WindowWatch } from './window-watch.ts';

/** Bytes of one connection that the native side may hold. Unbounded, it holds as much as the peer's window lets it. */
const HELD_BYTES_MAX = 256 * 1024;
/** A short header without connection id, packet number, tag and STREAM header (RFC 9000 sections 17.3.1, 19.8). */
export const PACKET_OVERHEAD_BYTES_MIN = 24;

/**
 * Bounds the bytes of one connection that the native side holds. The native side does not say what the peer has
 * acknowledged, so this compares what it was handed with what left on the wire and with the packets that came back,
 * once for each half of the window. A peer that is silent holds one window.
 */
export class SendWindow implements Watched {
  readonly #metrics: () => NativeMetrics | null;
  readonly #watch: WindowWatch;
  readonly #waiting: (() => void)[] = [];
  #last: NativeMetrics | null | undefined;
  /** Bytes handed over and not acknowledged, and those of them that left on the wire. */
  #held = 0;
  #inFlight = 0;

  /** @param metrics the connection's metrics now; null when it is gone */
  constructor(metrics: () => NativeMetrics | null, watch: WindowWatch) {
    this.#metrics = metrics;
    this.#watch = watch;
  }

  /** Begins to count. @param metrics the metrics before anything was handed over */
  begin(metrics: NativeMetrics | null): void {
    this.#last = metrics;
  }

  /** Counts bytes that the native side was handed. */
  handed(bytes: number): void {
    this.#held += bytes;
  }

  /** The bytes that the native side may be handed now. */
  get room(): number {
    if (this.#held > HELD_BYTES_MAX / 2) this.#look();
    return Math.max(0, HELD_BYTES_MAX - this.#held);
  }

  /** Calls back once when there is room again, or the connection is gone. */
  whenRoom(task: () => void): void {
    this.#waiting.push(task);
    this.#watch.add(this);
  }

  /** Calls nobody any more. */
  close(): void {
    this.#watch.delete(this);
    this.#waiting.length = 0;
  }

  look(): Look {
    const before = this.#held;
    this.#look();
    if (this.#held > HELD_BYTES_MAX / 2) return this.#held < before ? 'moved' : 'still';
    for (const task of this.#waiting.splice(0)) task();
    return 'room';
  }

  /** Packets carry other bytes, too, and some are sent twice: this counts more as acknowledged than was, never less. */
  #look(): void {
    const last = this.#last;
    const now = this.#metrics();
    this.#last = now;
    if (!now || !last) {
      this.#held = 0;
      this.#inFlight = 0;
      return;
    }
    const sent = now.bytesOut - last.bytesOut - (now.packetsOut - last.packetsOut) * PACKET_OVERHEAD_BYTES_MIN;
    this.#inFlight = Math.min(this.#held, this.#inFlight + Math.max(0, sent));
    // One packet of the peer may acknowledge everything that was sent.
    if (now.packetsIn === last.packetsIn) return;
    this.#held -= this.#inFlight;
    this.#inFlight = 0;
  }
}
