import {
  type ChannelInfo,
  type ClampedLimits,
  type ClientEvent,
  ClientSession,
  type ClientSessionConfig,
  type HelloCommand,
} from '@0k-sync/core/session';
import type { FrameBody } from '@0k-sync/core/wire';
import type { ErrorName } from '@0k-sync/generated/errors';
import type { Error as WireError } from '@0k-sync/generated/wire/error';
import type { GoAway, HelloAck, LogSegment } from '@0k-sync/generated/wire/frame';
import type { ByteStream, Connection } from '@0k-sync/transport';
import type { Clock } from '../async/clock.ts';

/** How long a relay may take to answer a Bye, ms. */
const LEAVE_MS_MAX = 2000;

/** A request that the relay refused, while the connection goes on. SE-03. */
export class RequestRefused extends Error {
  override readonly name = 'RequestRefused';
  readonly code: ErrorName;
  readonly wire: WireError;

  constructor(code: ErrorName, wire: WireError) {
    super(wire.detail || code);
    this.code = code;
    this.wire = wire;
  }
}

/** How a session ended: nothing after a Bye or a GoAway, otherwise the error, and whether the relay said it. */
export interface SessionEnd {
  readonly error: ErrorName | undefined;
  /** The relay's own words, where it sent an Error. */
  readonly remote: WireError | undefined;
}

/** Thrown by what was under way when the session ended. */
export class SessionEnded extends Error {
  override readonly name = 'SessionEnded';
  readonly end: SessionEnd;

  constructor(end: SessionEnd) {
    super(end.error ?? 'the session ended');
    this.end = end;
  }
}

/** What a session tells its owner besides answers. */
export interface SessionListener {
  delivery(segment: LogSegment): void;
  goAway(goAway: GoAway): void;
}

interface Waiter {
  resolve(body: FrameBody): void;
  reject(error: Error): void;
}

/** One session over one connection: carries out what the engine says, and turns its events into promises. */
export class ProtocolConnection {
  readonly #engine: ClientSession;
  readonly #connection: Connection;
  readonly #stream: ByteStream;
  readonly #clock: Clock;
  readonly #listener: SessionListener;
  readonly #waiters = new Map<number, Waiter>();
  readonly #channel = Promise.withResolvers<ChannelInfo>();
  readonly #ready = Promise.withResolvers<{ readonly helloAck: HelloAck; readonly limits: ClampedLimits }>();
  readonly #ended = Promise.withResolvers<SessionEnd>();
  #cancelTimer: (() => void) | undefined;

  constructor(connection: Connection, config: ClientSessionConfig, clock: Clock, listener: SessionListener) {
    this.#connection = connection;
    this.#clock = clock;
    this.#listener = listener;
    this.#engine = new ClientSession(config, clock.now());
    // Whoever waits for these gets the rejection; where nobody does, `ended` tells the same.
    this.#channel.promise.catch(() => {});
    this.#ready.promise.catch(() => {});
    this.#stream = connection.openStream();
    this.#drive(() => this.#engine.start());
    this.#stream.receive({
      data: (bytes) => this.#drive(() => this.#engine.receive(bytes, clock.now())),
      end: () => this.#drive(() => this.#engine.ended(clock.now())),
      closed: (code) => this.#drive(() => this.#engine.ended(clock.now(), code)),
    });
  }

  /** Resolves with what the handshake has shown; rejects with SessionEnded. */
  get channel(): Promise<ChannelInfo> {
    return this.#channel.promise;
  }

  /** Resolves once when the session is over; never rejects. */
  get ended(): Promise<SessionEnd> {
    return this.#ended.promise;
  }

  /** Whether requests can be sent. */
  get isReady(): boolean {
    return this.#engine.state === 'ready';
  }

  /** Says Hello. Rejects with SessionEnded when the device is not let in. */
  hello(command: HelloCommand): Promise<{ readonly helloAck: HelloAck; readonly limits: ClampedLimits }> {
    if (this.#engine.state !== 'fresh') return this.#refuseWhenClosed();
    this.#drive(() => this.#engine.hello(command));
    return this.#ready.promise;
  }

  /** Sends a request and resolves with its answer. Rejects with RequestRefused or SessionEnded. */
  request(body: FrameBody): Promise<FrameBody> {
    const { state } = this.#engine;
    if (state !== 'ready' && state !== 'fresh') return this.#refuseWhenClosed();
    return new Promise((resolve, reject) => {
      this.#drive(() => this.#waiters.set(this.#engine.request(body), { resolve, reject }));
    });
  }

  /** Sends a frame that has no answer; when the session is over, it does not matter any more. */
  send(body: FrameBody): void {
    if (this.isReady) this.#drive(() => this.#engine.request(body));
  }

  /** Says Bye and resolves when the session is over. SE-20. */
  async bye(): Promise<void> {
    this.#drive(() => this.#engine.bye(this.#clock.now()));
    await this.#ended.promise;
  }

  /** Closes at once with an error number, 0 for none. Does nothing when the session is over. */
  abort(code: number): void {
    void this.#connection.close(code);
  }

  /** Says Bye and waits for the relay's end, but not for ever. */
  async leave(): Promise<void> {
    const cancel = this.#clock.after(LEAVE_MS_MAX, () => this.abort(0));
    await this.bye();
    cancel();
  }

  #refuseWhenClosed(): Promise<never> {
    return Promise.reject(new SessionEnded({ error: undefined, remote: undefined }));
  }

  /** One input to the engine, then everything that comes of it, then the timer. */
  #drive(input: () => void): void {
    input();
    for (const output of this.#engine.takeOutputs()) {
      if (output.type === 'send') this.#stream.write(output.bytes);
      else if (output.type === 'end') this.#stream.end();
      else if (output.type === 'close') void this.#connection.close(output.code);
      else this.#handle(output.event);
    }
    this.#cancelTimer?.();
    const deadline = this.#engine.nextDeadline();
    const delay = deadline === undefined ? undefined : deadline - this.#clock.now();
    const tick = () => this.#drive(() => this.#engine.tick(this.#clock.now()));
    this.#cancelTimer = delay === undefined ? undefined : this.#clock.after(delay, tick);
  }

  #handle(event: ClientEvent): void {
    switch (event.type) {
      case 'channel':
        this.#channel.resolve(event.info);
        break;
      case 'ready':
        this.#ready.resolve({ helloAck: event.helloAck, limits: event.limits });
        break;
      case 'answer':
        this.#take(event.requestId)?.resolve(event.body);
        break;
      case 'refused':
        this.#take(event.requestId)?.reject(new RequestRefused(event.code, event.error));
        break;
      case 'delivery':
        this.#listener.delivery(event.segment);
        break;
      case 'go-away':
        this.#listener.goAway(event.goAway);
        break;
      case 'closed':
        this.#close({ error: event.error, remote: event.remote });
        break;
    }
  }

  #take(requestId: number): Waiter | undefined {
    const waiter = this.#waiters.get(requestId);
    this.#waiters.delete(requestId);
    return waiter;
  }

  #close(end: SessionEnd): void {
    const error = new SessionEnded(end);
    this.#channel.reject(error);
    this.#ready.reject(error);
    for (const waiter of this.#waiters.values()) waiter.reject(error);
    this.#waiters.clear();
    this.#ended.resolve(end);
  }
}
