import type { ChannelInfo } from '@0k-sync/core/channel';
import {
  type ClampedLimits,
  type ClientEvent,
  ClientSession,
  type ClientSessionConfig,
  type HelloCommand,
} from '@0k-sync/core/session';
import type { FrameBody } from '@0k-sync/core/wire';
import type { GoAway, HelloAck, LogSegment } from '@0k-sync/generated/wire/frame';
import type { ByteStream, Connection } from '@0k-sync/transport';
import type { Clock } from '../async/clock.ts';
import { RequestRefused, type SessionEnd, SessionEnded } from './errors.ts';

/** A relay has this long to answer a Bye, ms. */
const LEAVE_MS_MAX = 2000;

/** Receives the frames that a relay sends unasked. */
export interface SessionListener {
  delivery(segment: LogSegment): void;
  goAway(goAway: GoAway): void;
}

interface Waiter {
  /** False for a subscription, which has no answer as long as it goes on. RL-44. */
  readonly hasAnswer: boolean;
  resolve(body: FrameBody): void;
  reject(error: Error): void;
}

/**
 * One protocol session over one transport connection: carries out what core's engine tells, and turns the engine's
 * events into promises.
 *
 * Three layers have a name: the transport's Connection carries bytes; this session speaks the protocol over exactly one
 * connection, and becomes a MemberSession when the relay lets the device in; the app's SyncSession outlives both, its
 * RelayLink opens the next session when one has ended.
 */
export class ProtocolSession {
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
  #end: SessionEnded | undefined;

  constructor(connection: Connection, config: ClientSessionConfig, clock: Clock, listener: SessionListener) {
    this.#connection = connection;
    this.#clock = clock;
    this.#listener = listener;
    this.#engine = new ClientSession(config, clock.monotonic());
    // A caller who awaits one of these gets its rejection; everybody else learns the same from `ended`.
    this.#channel.promise.catch(() => {});
    this.#ready.promise.catch(() => {});
    this.#stream = connection.openStream();
    this.#drive(() => this.#engine.start());
    this.#stream.receive({
      data: (bytes) => this.#drive(() => this.#engine.receive(bytes, clock.monotonic())),
      end: () => this.#drive(() => this.#engine.ended(clock.monotonic())),
      closed: (code) => this.#drive(() => this.#engine.ended(clock.monotonic(), code)),
      drain: () => this.#drive(() => this.#engine.tick(clock.monotonic(), this.#stream.bufferedBytes)),
    });
  }

  /** Resolves with the result of the handshake. Rejects with SessionEnded. */
  get channel(): Promise<ChannelInfo> {
    return this.#channel.promise;
  }

  /** Resolves when the session has ended. Never rejects. */
  get ended(): Promise<SessionEnd> {
    return this.#ended.promise;
  }

  /** The relay has let this device in, and the session has not ended. */
  get isReady(): boolean {
    return this.#end === undefined && this.#engine.state === 'ready';
  }

  /** A request waits for its answer. */
  get isBusy(): boolean {
    return this.#waiters.values().some(({ hasAnswer }) => hasAnswer);
  }

  /** Says Hello. Rejects with SessionEnded when the relay does not let the device in. SE-10. */
  hello(command: HelloCommand): Promise<{ readonly helloAck: HelloAck; readonly limits: ClampedLimits }> {
    if (this.#end !== undefined || this.#engine.state !== 'fresh') return this.#refuse();
    this.#drive(() => this.#engine.hello(command));
    return this.#ready.promise;
  }

  /** Sends a request and resolves with its answer. Rejects with RequestRefused or SessionEnded. */
  request(body: FrameBody): Promise<FrameBody> {
    const { state } = this.#engine;
    if (this.#end !== undefined || (state !== 'ready' && state !== 'fresh')) return this.#refuse();
    const hasAnswer = body.$case !== 'subscribe';
    return new Promise((resolve, reject) => {
      this.#drive(() => this.#waiters.set(this.#engine.request(body), { resolve, reject, hasAnswer }));
    });
  }

  /** Sends a frame that has no answer. Does nothing when the session has ended. */
  send(body: FrameBody): void {
    if (this.isReady) this.#drive(() => this.#engine.request(body));
  }

  /** Says Bye and resolves when the session has ended. SE-20. */
  async bye(): Promise<void> {
    this.#drive(() => this.#engine.bye(this.#clock.monotonic()));
    await this.#ended.promise;
  }

  /** Ends the session at once, and closes its connection with an error number, 0 for none. */
  abort(code: number): void {
    void this.#connection.close(code);
    this.#close({ errorName: undefined, remote: undefined, isSilent: false });
  }

  /** Says Bye, and aborts when the relay has not answered within LEAVE_MS_MAX. */
  async leave(): Promise<void> {
    const cancel = this.#clock.after(LEAVE_MS_MAX, () => this.abort(0));
    await this.bye();
    cancel();
  }

  #refuse(): Promise<never> {
    return Promise.reject(this.#end ?? new SessionEnded({ errorName: undefined, remote: undefined, isSilent: false }));
  }

  /** Gives the engine one input, carries out its outputs, and sets the timer to the engine's next deadline. */
  #drive(input: () => void): void {
    if (this.#end !== undefined) return;
    input();
    for (const output of this.#engine.takeOutputs()) {
      if (output.type === 'send') this.#stream.write(output.bytes);
      else if (output.type === 'end') this.#stream.end();
      else if (output.type === 'close') void this.#connection.close(output.code);
      else this.#handle(output.event);
    }
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    if (this.#end !== undefined) return;
    const deadline = this.#engine.nextDeadline();
    const delay = deadline === undefined ? undefined : deadline - this.#clock.monotonic();
    const tick = () => this.#drive(() => this.#engine.tick(this.#clock.monotonic(), this.#stream.bufferedBytes));
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
        this.#takeWaiter(event.requestId)?.resolve(event.body);
        break;
      case 'refused':
        this.#takeWaiter(event.requestId)?.reject(new RequestRefused(event.error, event.remote));
        break;
      case 'delivery':
        this.#listener.delivery(event.segment);
        break;
      case 'go-away':
        this.#listener.goAway(event.goAway);
        break;
      case 'closed':
        this.#close({ errorName: event.error, remote: event.remote, isSilent: event.isSilent });
        break;
    }
  }

  #takeWaiter(requestId: number): Waiter | undefined {
    const waiter = this.#waiters.get(requestId);
    this.#waiters.delete(requestId);
    return waiter;
  }

  #close(end: SessionEnd): void {
    if (this.#end !== undefined) return;
    const error = new SessionEnded(end);
    this.#end = error;
    this.#cancelTimer?.();
    this.#channel.reject(error);
    this.#ready.reject(error);
    for (const waiter of this.#waiters.values()) waiter.reject(error);
    this.#waiters.clear();
    this.#ended.resolve(end);
  }
}
