import { TransportError } from '../error.ts';
import type { Address, ByteStream, Connection, ConnectionEnd, PeerLimits } from '../port.ts';
import { Streams } from '../streams.ts';
import { type Drainable, drain } from './drain.ts';
import type { NativeClose, NativeMetrics, NativeSession, NativeStream } from './http3.ts';
import type { Place } from './place.ts';
import { PACKET_OVERHEAD_BYTES_MIN, SendWindow } from './send-window.ts';
import { QuicStream, type StreamOwner } from './stream.ts';
import { WindowWatch } from './window-watch.ts';

/** The native side's reason when the idle timeout (RFC 9000 section 10.1) ended a connection. */
const IDLE_TIMEOUT_REASON = 'idle timeout';

/** The settings and collaborators of a connection. */
export interface QuicConnectionDeps {
  readonly remote: Address;
  readonly limits: PeerLimits;
  /** The longest time that `close` waits for the network to take what was written, ms. */
  readonly drainTimeoutMs: number;
  /** Set for a listener's connections; a dialled one has its native side for itself. */
  readonly place?: Place;
}

/** One QUIC connection, at either end. */
export class QuicConnection implements Connection, StreamOwner, Drainable {
  readonly remote: Address;
  readonly closed: Promise<ConnectionEnd>;
  readonly #session: NativeSession;
  readonly #limits: PeerLimits;
  readonly #drainTimeoutMs: number;
  readonly #place: Place | undefined;
  readonly #streams: Streams<QuicStream>;
  readonly watch: WindowWatch;
  readonly window: SendWindow;
  readonly #resolveClosed: (end: ConnectionEnd) => void;
  #receivedBytes = 0;
  #handedBytes = 0;
  /**
   * The metrics before the first stream. Undefined again when a stream that was cut makes `#handedBytes` unreliable.
   */
  #atFirstStream: NativeMetrics | null | undefined;
  #hasStreams = false;
  #isClosing = false;
  #isCloseSent = false;
  #isGone = false;

  constructor(session: NativeSession, options: QuicConnectionDeps) {
    this.remote = options.remote;
    this.#session = session;
    this.#limits = options.limits;
    this.#drainTimeoutMs = options.drainTimeoutMs;
    this.#place = options.place;
    this.watch = options.place?.watch ?? new WindowWatch();
    this.window = new SendWindow(() => this.metrics(), this.watch);
    this.#streams = new Streams(options.limits);
    const { promise, resolve } = Promise.withResolvers<ConnectionEnd>();
    this.closed = promise;
    this.#resolveClosed = resolve;
    session.on('stream', (stream) => this.#accept(stream));
    session.on('close', (close) => this.#end(close));
    // Clean closes emit an error, too, and every failure ends in `close`.
    session.on('error', () => {});
  }

  get receivedBytes(): number {
    return this.#receivedBytes;
  }

  get bufferedBytes(): number {
    let bytes = 0;
    for (const stream of this.#streams) bytes += stream.bufferedBytes;
    return bytes;
  }

  openStream(): ByteStream {
    if (this.#isClosing || this.#isGone)
      throw new TransportError('closed', 'the connection is closed', 'connect again');
    this.#beforeFirstStream();
    const stream = new QuicStream(this.#openNative(), this);
    this.#streams.add(stream);
    return stream;
  }

  onStream(handler: (stream: ByteStream) => void): void {
    this.#streams.attach(handler);
  }

  /** Closes with `code` as the application error code of the CONNECTION_CLOSE. WI-23. */
  async close(code: number, reason = ''): Promise<void> {
    if (!this.#isClosing && !this.#isGone) {
      this.#isClosing = true;
      for (const stream of this.#streams) stream.inbox.mute();
      if (this.#hasStreams) {
        await this.#flushed();
        await drain(this, this.#drainTimeoutMs);
      }
      this.#sendClose(code, reason);
    }
    await this.closed;
  }

  metrics(): NativeMetrics | null {
    return this.#place ? this.#place.metrics() : this.#session.getMetrics();
  }

  ping(): boolean {
    try {
      return !this.#isGone && this.#session.ping();
    } catch {
      // The native side has given the connection up and will say so.
      return false;
    }
  }

  get canReset(): boolean {
    return this.#place?.isKept !== false;
  }

  atEndOfTurn(task: () => void): void {
    if (this.#place) this.#place.run(task, () => this.bufferedBytes);
    else queueMicrotask(task);
  }

  heard(): void {
    this.#place?.heard();
  }

  received(bytes: number): void {
    this.#receivedBytes += bytes;
    if (!this.#isClosing && this.#streams.hasTooMuchUnread()) this.#abort('too many unread bytes');
  }

  handed(bytes: number): void {
    this.#handedBytes += bytes;
    this.window.handed(bytes);
  }

  hasSentEnough({ bytesOut, packetsOut }: NativeMetrics): boolean {
    const start = this.#atFirstStream;
    if (!start) return true;
    const overhead = (packetsOut - start.packetsOut) * PACKET_OVERHEAD_BYTES_MIN;
    return bytesOut - start.bytesOut - overhead >= this.#handedBytes;
  }

  forget(stream: QuicStream): void {
    this.#streams.delete(stream);
    if (!stream.isComplete) this.#atFirstStream = undefined;
  }

  /** Resolves when everything written so far is with the native side, or the connection is gone. */
  async #flushed(): Promise<void> {
    await Promise.race([this.closed, new Promise<void>((resolve) => this.atEndOfTurn(resolve))]);
  }

  #beforeFirstStream(): void {
    if (this.#hasStreams) return;
    this.#hasStreams = true;
    this.#atFirstStream = this.#place ? this.#place.atAccept : this.metrics();
    this.window.begin(this.#atFirstStream);
  }

  #openNative(): NativeStream {
    try {
      return this.#session.openStream();
    } catch (error) {
      throw new TransportError('limit', 'the peer allows no further stream', 'finish another stream first', error);
    }
  }

  #accept(native: NativeStream): void {
    this.heard();
    const stream = new QuicStream(native, this);
    if (this.#isClosing || !this.#streams.admit(stream)) {
      stream.reset(this.#limits.code);
      return;
    }
    this.#beforeFirstStream();
    stream.takeEarly();
    this.#streams.announce(stream);
  }

  /** Closes at once, because the peer breaks the limits. */
  #abort(reason: string): void {
    this.#isClosing = true;
    for (const stream of this.#streams) stream.inbox.mute();
    this.#sendClose(this.#limits.code, reason);
  }

  #sendClose(code: number, reason: string): void {
    // Without its place the connection is gone; the event that says so is on its way.
    if (this.#isGone || this.#place?.isKept === false) return;
    this.#isCloseSent = true;
    // The streams end first: the native close would end them without the number.
    for (const stream of this.#streams) stream.finish(code);
    // A `close` event follows. If the native side fails instead, the connection ends here.
    new Promise<void>((resolve) => resolve(this.#session.close(code, reason))).catch(() =>
      this.#end({ errorCode: code, reason }),
    );
  }

  #end(close: NativeClose): void {
    this.heard();
    if (this.#isGone) return;
    this.#isGone = true;
    this.window.close();
    const isLost = !this.#isCloseSent && close.reason === IDLE_TIMEOUT_REASON;
    for (const stream of this.#streams) stream.finish(close.errorCode);
    this.#resolveClosed({
      code: close.errorCode,
      reason: close.reason,
      remote: !this.#isCloseSent && !isLost,
      lost: isLost,
    });
  }
}
