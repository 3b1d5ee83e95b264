import type { NativeMetrics } from './http3.ts';
import type { WindowWatch } from './window-watch.ts';

/** A connection whose bytes `drain` waits for. */
export interface Drainable {
  /** Resolves when the connection is gone. */
  readonly closed: Promise<unknown>;
  /** Bytes that the native side does not have yet, over all streams. */
  readonly bufferedBytes: number;
  /** Bounds the looks of all connections that ask the same native side. */
  readonly watch: WindowWatch;
  /** True when at least as many bytes left on the wire as the native side was given. */
  hasSentEnough(metrics: NativeMetrics): boolean;
  metrics(): NativeMetrics | null;
  ping(): boolean;
}

/** A packet counts as lost when one this many later was acknowledged (RFC 9002 section 6.1.1). */
const PACKET_THRESHOLD = 3;
/** Within this time, in RTTs, an acknowledgement makes a lost packet be sent again (RFC 9002 section 6.1.2). */
const LOSS_WINDOW_RTTS = 1.25;
const LOSS_WINDOW_MIN_MS = 5;
/** The longest packet that holds only an acknowledgement or a ping. */
const BARE_PACKET_BYTES_MAX = 80;
const POLL_MS = 1;
/** Pauses between looks at the metrics double up to this: a look costs time, and a peer that is gone never answers. */
const POLL_MS_MAX = 64;

/**
 * Waits until the peer has what was written, or `limitMs` passed. The native side does not show acknowledgements, and
 * its close drops unsent bytes, so this function watches the wire. When the native side has everything, it sends pings
 * until each earlier loss must have been noticed. The peer has everything if enough bytes left by then and no packet
 * with content, new or repeated, left meanwhile. Looks take turns with those of other connections.
 */
export async function drain(connection: Drainable, limitMs: number): Promise<void> {
  const { promise: isOver, resolve } = Promise.withResolvers<void>();
  const limit = setTimeout(resolve, limitMs);
  const looks = new DrainLooks(connection, resolve);
  await Promise.race([isOver, connection.closed]);
  clearTimeout(limit);
  looks.end();
}

class DrainLooks {
  readonly #connection: Drainable;
  readonly #isDrained: () => void;
  /** The metrics before the pings, and before the last of them. */
  #first: NativeMetrics | undefined;
  #last: NativeMetrics | undefined;
  #pings = 0;
  #isAwaitingAnswer = false;
  #isAwaitingRepetitions = false;
  #pauseMs = POLL_MS;
  #cancel = (): void => {};

  constructor(connection: Drainable, isDrained: () => void) {
    this.#connection = connection;
    this.#isDrained = isDrained;
    this.#lookAfter(0);
  }

  end(): void {
    this.#cancel();
  }

  #lookAfter(delayMs: number): void {
    this.#cancel = this.#connection.watch.once(delayMs, () => this.#look());
  }

  #look(): void {
    if (this.#connection.bufferedBytes > 0) {
      this.#lookAfter(POLL_MS);
      return;
    }
    const now = this.#connection.metrics();
    if (now === null) this.#isDrained();
    else if (this.#isAwaitingAnswer && now.packetsIn === this.#last?.packetsIn) this.#lookAgain();
    else if (this.#pings < PACKET_THRESHOLD) this.#ping(now);
    else if (!this.#isAwaitingRepetitions) this.#awaitRepetitions(now);
    else this.#judge(now);
  }

  #lookAgain(): void {
    this.#pauseMs = Math.min(2 * this.#pauseMs, POLL_MS_MAX);
    this.#lookAfter(this.#pauseMs);
  }

  #ping(now: NativeMetrics): void {
    this.#first ??= now;
    this.#last = now;
    this.#pings += 1;
    this.#isAwaitingAnswer = this.#connection.ping();
    this.#pauseMs = Math.max(POLL_MS, now.rttMs / 4);
    this.#lookAfter(this.#pauseMs);
  }

  #awaitRepetitions({ rttMs }: NativeMetrics): void {
    this.#isAwaitingAnswer = false;
    this.#isAwaitingRepetitions = true;
    this.#lookAfter(Math.max(LOSS_WINDOW_MIN_MS, rttMs * LOSS_WINDOW_RTTS));
  }

  #judge(now: NativeMetrics): void {
    if (this.#first !== undefined && isQuietBetween(this.#first, now) && this.#connection.hasSentEnough(now)) {
      this.#isDrained();
      return;
    }
    this.#first = undefined;
    this.#pings = 0;
    this.#isAwaitingRepetitions = false;
    this.#ping(now);
  }
}

function isQuietBetween(before: NativeMetrics, after: NativeMetrics): boolean {
  return after.bytesOut - before.bytesOut <= (after.packetsOut - before.packetsOut) * BARE_PACKET_BYTES_MAX;
}
