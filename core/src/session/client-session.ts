import { type ErrorName, errors } from '@0k-sync/generated/errors';
import type { FramesOf } from '@0k-sync/generated/frames';
import {
  type ClientSessionAction,
  type ClientSessionEvent,
  clientSession,
} from '@0k-sync/generated/machines/client-session';
import type { Error as WireError } from '@0k-sync/generated/wire/error';
import type { Frame, GoAway, LogSegment } from '@0k-sync/generated/wire/frame';
import { type ChannelInfo, initiatorChannel, type RecordChannel } from '../channel/index.ts';
import { Machine } from '../machine/index.ts';
import { closeErrorOf, errorNameOf, type FrameBody, FrameReader } from '../wire/index.ts';
import { clampLimits } from './clamp-limits.ts';
import type { ClientSessionConfig, HelloCommand } from './client-config.ts';
import type { ClientEvent } from './client-events.ts';
import { ClientRequests } from './client-requests.ts';
import { ClientTimers } from './client-timers.ts';
import { type BodyOf, eventOf, frameNameOf, isClientRequest, isFrom, isTakenIn } from './frames.ts';
import { helloTranscript } from './hello.ts';
import type { Output } from './output.ts';
import { OutputQueue } from './output-queue.ts';

/**
 * The client's end of one session, without any I/O. A connection (transport) carries bytes, a channel makes them
 * secret, and this engine speaks frames over the channel.
 *
 * Call `start` once. Feed it with `receive`, `ended` and `tick`; command it with `hello`, `request` and `bye`. After
 * each of them, carry out `takeOutputs()` in order; call `tick` at `nextDeadline` and when all bytes have left. All times are milliseconds of one
 * clock that never goes back.
 */
export class ClientSession {
  readonly #machine = new Machine(clientSession);
  readonly #channel: RecordChannel;
  readonly #reader = new FrameReader('relay');
  readonly #requests = new ClientRequests();
  readonly #outputs = new OutputQueue<ClientEvent>();
  readonly #seal = (plaintext: Uint8Array) => this.#channel.send(plaintext);
  #info: ChannelInfo | undefined;
  #error: ErrorName | undefined;
  #remoteError: WireError | undefined;
  #isClosed = false;
  #isSilent = false;
  readonly #timers: ClientTimers;

  constructor(config: ClientSessionConfig, now: number) {
    this.#timers = new ClientTimers(now);
    this.#channel = initiatorChannel(config, {
      send: (bytes) => this.#outputs.send(bytes),
      ready: (info) => {
        this.#info = info;
        this.#step('channel-ready');
      },
      plaintext: (bytes) => this.#receivePlaintext(bytes),
      failed: (error) => this.#end('violation', error),
    });
  }

  get state(): (typeof clientSession.states)[number] {
    return this.#machine.state;
  }

  /** The number of requests without an answer. */
  get requestsInFlight(): number {
    return this.#requests.inFlight;
  }

  /** Sends the preface and the first handshake message. */
  start(): void {
    this.#channel.begin();
  }

  receive(bytes: Uint8Array, now: number): void {
    this.#timers.advance(now);
    this.#timers.heard();
    if (!this.#machine.isFinal) this.#channel.receive(bytes);
  }

  /**
   * The relay has finished its side of the stream, or the connection is gone. WI-12.
   * @param code the error number that the connection was closed with, 0 for none
   */
  ended(now: number, code = 0): void {
    this.#timers.advance(now);
    if (this.#machine.state !== 'leaving' || this.#isArriving) this.#error ??= closeErrorOf(code);
    this.#step('ended');
  }

  /** Checks the deadlines, and sends a Ping if one is due. `unsent`: bytes that the network has not taken. HS-15, SE-22, SE-24, SE-25. */
  tick(now: number, unsent = 0): void {
    this.#timers.advance(now);
    if (this.#machine.isFinal) return;
    if (unsent === 0) this.#requests.noteLeft(now);
    const due = this.#timers.due(this.#pings, this.#requests.overdueAt(this.#isArriving), unsent);
    this.#isSilent = due === 'dead';
    if (due === 'ping') this.#send({ $case: 'ping', value: {} });
    else if (due !== undefined) this.#end('deadline', 'DEADLINE_EXCEEDED');
  }

  /** The time at which `tick` has to be called next; undefined once closed. */
  nextDeadline(): number | undefined {
    if (this.#machine.isFinal) return undefined;
    return Math.min(this.#timers.next(this.#pings), this.#requests.overdueAt(this.#isArriving));
  }

  /** Sends Hello. Throws a TypeError unless the channel is fresh. SE-10. */
  hello({ groupId, deviceKey, sign, enrolment, accessToken = '' }: HelloCommand): void {
    const info = this.#info;
    this.#command('hello');
    if (info === undefined) throw new TypeError('hello needs a channel');
    this.#timers.limit();
    const signature = sign(helloTranscript(info.handshakeHash, groupId));
    this.#send({ $case: 'hello', value: { groupId, deviceKey, signature, enrolment, accessToken } });
  }

  /**
   * Sends a request and returns its request_id, or 0 for a frame that has no answer. Hello and Bye have methods of
   * their own. Throws a TypeError when the relay would refuse the frame in this state.
   */
  request(body: FrameBody): number {
    const name = frameNameOf(body);
    const { state } = this.#machine;
    if (!isClientRequest(body, state === 'ready'))
      throw new TypeError(`${name} is no request while the session is ${state}`);
    if (name === 'Subscribe' && this.#requests.subscription !== 0)
      throw new TypeError('there is a subscription already');
    this.#command('request');
    return this.#send(body);
  }

  /** Sends Bye, which ends the session in order. SE-20. */
  bye(now: number): void {
    this.#timers.advance(now);
    this.#step('bye');
  }

  /** Takes what the shell has to carry out, in order. Frames written since the last call share records. WI-07. */
  takeOutputs(): Output<ClientEvent>[] {
    this.#timers.waits(this.#requests.inFlight > 0);
    this.#flush();
    return this.#outputs.take();
  }

  /** Throws a TypeError for a command that the table refuses. */
  #command(event: 'hello' | 'request'): void {
    const { state } = this.#machine;
    if (this.#machine.isFinal || this.#machine.step(event).includes('refuse-command')) {
      throw new TypeError(`${event} is not possible while the session is ${state}`);
    }
  }

  /** A record or a frame is partly there. */
  get #isArriving(): boolean {
    return !this.#channel.isEmpty || !this.#reader.isEmpty;
  }

  get #pings(): boolean {
    return this.#machine.state === 'ready' || this.#machine.state === 'fresh';
  }

  #send(body: FrameBody): number {
    const name = frameNameOf(body);
    const requestId = this.#requests.nextId(name);
    // A frame that is too large throws here, and is then no request in flight.
    this.#outputs.write(requestId, body);
    this.#requests.add(requestId, name);
    return requestId;
  }

  /** Returns false when nothing after these bytes may be read. */
  #receivePlaintext(bytes: Uint8Array): boolean {
    this.#reader.push(bytes);
    while (!this.#machine.isFinal) {
      const read = this.#reader.next();
      if (read === undefined) return true;
      if (read.ok) this.#receiveFrame(read.frame);
      else this.#end('violation', read.error);
    }
    return false;
  }

  #receiveFrame({ requestId, body }: Frame): void {
    if (body === undefined) return;
    if (!isFrom(body, 'relay')) {
      this.#end('violation', 'UNEXPECTED_FRAME');
      return;
    }
    const name = frameNameOf(body);
    if (!isTakenIn(this.#machine.state, name)) this.#refuse(name);
    else if (body.$case === 'error') this.#receiveError(requestId, body.value);
    else if (body.$case === 'goAway') this.#receiveGoAway(requestId, body.value);
    else if (body.$case === 'deliver') this.#receiveDelivery(requestId, body.value.segment);
    else this.#receiveAnswer(requestId, body);
  }

  /** Ends the session by the frame's own row if that row ends it, otherwise as a violation. SE-02. */
  #refuse(name: FramesOf<'relay'>): void {
    const event = eventOf(name);
    this.#end(this.#machine.endsOn(event) ? event : 'violation', 'UNEXPECTED_FRAME');
  }

  /** Accepts an answer only to a request that waits for it. SE-08. */
  #receiveAnswer(requestId: number, body: BodyOf<FramesOf<'relay', 'hello-ack' | 'answer'>>): void {
    const request = this.#requests.takeAnswered(requestId, frameNameOf(body));
    if (request === undefined) {
      this.#end('violation', 'UNEXPECTED_FRAME');
    } else if (body.$case === 'helloAck') {
      this.#timers.release();
      this.#step('hello-ack', { type: 'ready', helloAck: body.value, limits: clampLimits(body.value.limits) });
    } else if (body.$case !== 'pong') {
      if (request === 'MailboxClaim') this.#timers.release();
      this.#step('answer', { type: 'answer', requestId, body });
    }
  }

  #receiveDelivery(requestId: number, segment: LogSegment | undefined): void {
    if (segment === undefined || !this.#requests.takeDelivered(requestId)) {
      this.#end('violation', 'UNEXPECTED_FRAME');
      return;
    }
    this.#step('deliver', { type: 'delivery', segment });
  }

  #receiveGoAway(requestId: number, goAway: GoAway): void {
    if (requestId !== 0) this.#end('violation', 'UNEXPECTED_FRAME');
    else this.#step('go-away', { type: 'go-away', goAway });
  }

  /** Accepts an Error that names a request that waits, the subscription, or 0. SE-08. */
  #receiveError(requestId: number, remote: WireError): void {
    const error = errorNameOf(remote.code);
    if (!this.#requests.takeRefused(requestId)) {
      this.#end('violation', 'UNEXPECTED_FRAME');
      return;
    }
    // ER-02: a row of stream `open` leaves the session as it is.
    const isFinal = errors[error].stream === 'close';
    if (isFinal || this.#machine.state === 'greeting') {
      this.#remoteError = remote;
      this.#end(isFinal ? 'error-final' : 'error-answer', error);
    } else {
      this.#step('error-answer', { type: 'refused', requestId, error, remote });
    }
  }

  #step(event: ClientSessionEvent, report?: ClientEvent): void {
    for (const action of this.#machine.step(event)) this.#act(action, report);
  }

  /** Takes the step that ends the session because of `error`. */
  #end(event: ClientSessionEvent, error: ErrorName): void {
    if (this.#machine.isFinal) return;
    this.#error = error;
    this.#step(event);
  }

  #act(action: ClientSessionAction, report: ClientEvent | undefined): void {
    switch (action) {
      case 'report-channel':
        if (this.#info !== undefined) this.#outputs.event({ type: 'channel', info: this.#info });
        break;
      case 'report-ready':
      case 'report-answer':
      case 'report-delivery':
      case 'report-refusal':
      case 'report-go-away':
        if (report !== undefined) this.#outputs.event(report);
        break;
      case 'send-hello':
      case 'send-request':
      case 'refuse-command':
        break; // the method that took the step has written, or throws
      case 'send-bye':
        this.#timers.limit();
        this.#outputs.write(0, { $case: 'bye', value: {} });
        break;
      case 'report-closed':
      case 'report-truncated':
      case 'close':
      case 'close-out-of-order':
        this.#close();
        break;
    }
  }

  /** Closes once: later actions of the same row find the session closed. */
  #close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#flush();
    this.#channel.close();
    const localError = this.#remoteError === undefined ? this.#error : undefined;
    this.#outputs.close(localError === undefined ? 0 : errors[localError].number);
    this.#outputs.event({ type: 'closed', error: this.#error, remote: this.#remoteError, isSilent: this.#isSilent });
  }

  #flush(): void {
    if (this.#outputs.flush(this.#seal)) this.#timers.sent();
  }
}
