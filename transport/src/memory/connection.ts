import { TransportError } from '../error.ts';
import type { Address, ByteStream, Connection, ConnectionEnd, PeerLimits } from '../port.ts';
import { Streams } from '../streams.ts';
import type { Lane, Schedule } from './lane.ts';
import { MemoryStream, type StreamOwner } from './stream.ts';

/** The settings and collaborators of one end of a connection. */
export interface MemoryConnectionDeps {
  readonly remote: Address;
  /** Carries what this end sends. */
  readonly lane: Lane;
  readonly schedule: Schedule;
  readonly segmentBytes: number;
  readonly limits: PeerLimits;
}

/** One end of a connection inside the process. */
export class MemoryConnection implements Connection, StreamOwner {
  readonly remote: Address;
  readonly lane: Lane;
  readonly schedule: Schedule;
  readonly segmentBytes: number;
  readonly closed: Promise<ConnectionEnd>;
  readonly #limits: PeerLimits;
  readonly #streams: Streams<MemoryStream>;
  readonly #resolveClosed: (end: ConnectionEnd) => void;
  #peer: MemoryConnection | undefined;
  #receivedBytes = 0;
  #isClosing = false;
  #isGone = false;

  constructor(options: MemoryConnectionDeps) {
    this.remote = options.remote;
    this.lane = options.lane;
    this.schedule = options.schedule;
    this.segmentBytes = options.segmentBytes;
    this.#limits = options.limits;
    this.#streams = new Streams(options.limits);
    const { promise, resolve } = Promise.withResolvers<ConnectionEnd>();
    this.closed = promise;
    this.#resolveClosed = resolve;
  }

  static join(dialer: MemoryConnection, listener: MemoryConnection): void {
    dialer.#peer = listener;
    listener.#peer = dialer;
  }

  get receivedBytes(): number {
    return this.#receivedBytes;
  }

  get isGone(): boolean {
    return this.#isGone;
  }

  openStream(): ByteStream {
    if (this.#isClosing || this.#isGone || !this.#peer) {
      throw new TransportError('closed', 'the connection is closed', 'connect again');
    }
    const stream = MemoryStream.pair(this, this.#peer);
    this.#streams.add(stream);
    return stream;
  }

  onStream(handler: (stream: ByteStream) => void): void {
    this.#streams.attach(handler);
  }

  async close(code: number, reason = ''): Promise<void> {
    if (!this.#isClosing && !this.#isGone) {
      this.#isClosing = true;
      for (const stream of this.#streams) {
        stream.inbox.mute();
        stream.flush();
      }
      this.lane.send(
        () => this.#peer?.end({ code, reason, remote: true, lost: false }),
        () => this.end({ code, reason, remote: false, lost: false }),
      );
    }
    await this.closed;
  }

  /** Ends the connection at this end. */
  end(end: ConnectionEnd): void {
    if (this.#isGone) return;
    this.#isGone = true;
    for (const stream of this.#streams) stream.finish(end.code);
    this.#resolveClosed(end);
  }

  admit(stream: MemoryStream): boolean {
    const isAdmitted = !this.#isClosing && this.#streams.admit(stream);
    if (isAdmitted) this.#streams.announce(stream);
    else stream.reset(this.#limits.code);
    return isAdmitted;
  }

  received(bytes: number): void {
    this.#receivedBytes += bytes;
    if (this.#streams.hasTooMuchUnread()) this.close(this.#limits.code, 'too many unread bytes');
  }

  forget(stream: MemoryStream): void {
    this.#streams.delete(stream);
  }
}
