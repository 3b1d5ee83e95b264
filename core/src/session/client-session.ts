import { type ErrorName, errors } from '@0k-sync/generated/errors';
import { HELLO_DEADLINE_MS, IDLE_TIMEOUT_MS, PING_INTERVAL_MS } from '@0k-sync/generated/limits';
import { type ClientSessionAction, type ClientSessionEvent, clientSession } from '@0k-sync/generated/machines';
import type { SuiteName } from '@0k-sync/generated/patterns';
import type { Error as WireError } from '@0k-sync/generated/wire/error';
import type { Enrolment, GoAway, HelloAck, LogSegment } from '@0k-sync/generated/wire/frame';
import { errorNameOf, type FrameBody, FrameReader, FrameWriter } from '../wire/index.ts';
import type { ChannelConfig, ChannelInfo, PeerStatics } from './channel.ts';
import { type ClampedLimits, clampLimits } from './clamp-limits.ts';
import { helloTranscript } from './hello.ts';
import { InitiatorChannel } from './initiator-channel.ts';
import { Machine } from './machine.ts';
import type { Output } from './output.ts';
import { accepts, answersOf, frameNameOf, PendingRequests } from './requests.ts';

/** What a session tells its client. */
export type ClientEvent =
  /** The handshake is done; say Hello, or claim a mailbox. */
  | { readonly type: 'channel'; readonly info: ChannelInfo }
  | { readonly type: 'ready'; readonly helloAck: HelloAck; readonly limits: ClampedLimits }
  | { readonly type: 'answer'; readonly requestId: number; readonly body: FrameBody }
  | { readonly type: 'refused'; readonly requestId: number; readonly code: ErrorName; readonly error: WireError }
  | { readonly type: 'delivery'; readonly segment: LogSegment }
  | { readonly type: 'go-away'; readonly goAway: GoAway }
  /** The session is over. `error`: what ended it; `remote`: the relay said so; undefined after Bye or GoAway. */
  | { readonly type: 'closed'; readonly error: ErrorName | undefined; readonly remote: WireError | undefined };

/** Who says Hello. */
export interface HelloCommand {
  readonly groupId: Uint8Array;
  readonly deviceKey: Uint8Array;
  /** Ed25519 over the given bytes by the device key; 64 bytes. */
  readonly sign: (message: Uint8Array) => Uint8Array;
  readonly enrolment?: Enrolment | undefined;
  readonly accessToken?: string | undefined;
}

export interface ClientSessionConfig extends ChannelConfig {
  readonly suite: SuiteName;
  /** The pin check of HS-12: undefined accepts, an error name refuses. */
  readonly checkPeer: (peer: PeerStatics) => ErrorName | undefined;
}

/**
 * The client's end of one session, without any I/O.
 *
 * Call `start` once, then feed `receive`, `ended` and `tick`; say `hello`, `request`, `send` and `bye`. After any of them,
 * carry out `takeOutputs()` in order and call `tick` at `nextDeadline`. All times are milliseconds of one clock that
 * never goes back.
 */
export class ClientSession {
  readonly #machine = new Machine(clientSession);
  readonly #channel: InitiatorChannel;
  readonly #reader = new FrameReader('relay');
  readonly #writer = new FrameWriter();
  readonly #pending = new PendingRequests();
  #outputs: Output<ClientEvent>[] = [];
  #info: ChannelInfo | undefined;
  #subscription = 0;
  #nextRequestId = 1;
  #error: ErrorName | undefined;
  #remoteError: WireError | undefined;
  #now: number;
  #lastHeard: number;
  #lastPing: number;
  /** Until the session is ready, or a stranger's work is done. HS-15. */
  #deadline: number;

  constructor(config: ClientSessionConfig, now: number) {
    this.#now = now;
    this.#lastHeard = now;
    this.#lastPing = now;
    this.#deadline = now + HELLO_DEADLINE_MS;
    this.#channel = new InitiatorChannel(config, {
      send: (bytes) => void this.#outputs.push({ type: 'send', bytes }),
      ready: (info) => {
        this.#info = info;
        this.#step('channel-ready');
      },
      plaintext: (bytes) => this.#receivePlaintext(bytes),
      failed: (error) => this.#violate(error),
    });
  }

  get state(): (typeof clientSession.states)[number] {
    return this.#machine.state;
  }

  /** Requests without an answer yet. */
  get requestsInFlight(): number {
    return this.#pending.size;
  }

  /** Sends the preface and the first handshake message. */
  start(): void {
    this.#channel.begin();
  }

  receive(bytes: Uint8Array, now: number): void {
    this.#now = now;
    this.#lastHeard = now;
    if (!this.#machine.isFinal) this.#channel.receive(bytes);
  }

  /** The relay has finished its side, or the connection is gone; `code` is its close code, 0 for none. */
  ended(now: number, code = 0): void {
    this.#now = now;
    if (this.#machine.state !== 'leaving') this.#error ??= code === 0 ? 'STREAM_TRUNCATED' : errorNameOf(code);
    this.#step('ended');
  }

  /** Lets deadlines pass and pings. HS-15, SE-22. */
  tick(now: number): void {
    this.#now = now;
    if (this.#machine.isFinal) return;
    if (now >= this.#deadline || now >= this.#lastHeard + IDLE_TIMEOUT_MS) {
      this.#error = 'DEADLINE_EXCEEDED';
      this.#step('deadline');
    } else if (now >= this.#pingAt()) {
      this.#lastPing = now;
      this.#request({ $case: 'ping', value: {} });
    }
  }

  /** When `tick` has something to do next; undefined once closed. */
  nextDeadline(): number | undefined {
    if (this.#machine.isFinal) return undefined;
    return Math.min(this.#deadline, this.#lastHeard + IDLE_TIMEOUT_MS, this.#pingAt());
  }

  /** Says who this is. Throws a TypeError unless the channel is fresh. SE-10. */
  hello(command: HelloCommand): void {
    const info = this.#info;
    if (info === undefined || this.#machine.state !== 'fresh') throw new TypeError('hello needs a fresh channel');
    const { groupId, deviceKey, sign, enrolment, accessToken = '' } = command;
    const signature = sign(helloTranscript(info.handshakeHash, groupId));
    this.#step('hello');
    this.#request({ $case: 'hello', value: { groupId, deviceKey, signature, enrolment, accessToken } });
  }

  /** Sends a request and returns its request_id, or 0 for a frame without an answer. Throws a TypeError out of state. */
  request(body: FrameBody): number {
    const { state } = this.#machine;
    if (state !== 'ready' && state !== 'fresh') throw new TypeError(`a request is not possible while ${state}`);
    this.#step('request');
    return this.#request(body);
  }

  /** Ends the session in order. SE-20. */
  bye(now: number): void {
    this.#now = now;
    this.#step('bye');
  }

  /** What to carry out, in order; what was written since the last call leaves as few records. */
  takeOutputs(): Output<ClientEvent>[] {
    this.#flush();
    const outputs = this.#outputs;
    this.#outputs = [];
    return outputs;
  }

  #pingAt(): number {
    const pings = this.#machine.state === 'ready';
    return pings ? Math.max(this.#lastHeard, this.#lastPing) + PING_INTERVAL_MS : Number.POSITIVE_INFINITY;
  }

  #request(body: FrameBody): number {
    const name = frameNameOf(body);
    const requestId = answersOf(name).length > 0 ? this.#freeRequestId() : 0;
    if (requestId !== 0) this.#pending.add(requestId, name);
    if (name === 'Subscribe') this.#subscription = requestId;
    this.#writer.write({ requestId, body });
    return requestId;
  }

  #freeRequestId(): number {
    do {
      this.#nextRequestId = this.#nextRequestId === 0xffffffff ? 1 : this.#nextRequestId + 1;
    } while (this.#pending.has(this.#nextRequestId) || this.#nextRequestId === this.#subscription);
    return this.#nextRequestId;
  }

  #receivePlaintext(bytes: Uint8Array): boolean {
    this.#reader.push(bytes);
    while (!this.#machine.isFinal) {
      const read = this.#reader.next();
      if (read === undefined) return true;
      if (!read.ok) {
        this.#violate(read.error);
        return false;
      }
      const { requestId, body } = read.frame;
      if (body === undefined) this.#violate('UNKNOWN_FRAME');
      else if (!accepts(frameNameOf(body), 'relay', this.#machine.state)) this.#violate('UNEXPECTED_FRAME');
      else this.#receiveFrame(requestId, body);
    }
    return false;
  }

  #receiveFrame(requestId: number, body: FrameBody): void {
    switch (body.$case) {
      case 'error':
        this.#receiveError(requestId, body.value);
        return;
      case 'goAway':
        this.#stepWith('go-away', { type: 'go-away', goAway: body.value });
        return;
      case 'deliver':
        this.#receiveDelivery(requestId, body.value.segment);
        return;
      default:
        this.#receiveAnswer(requestId, body);
        return;
    }
  }

  /** SE-08: an answer fits a request that waits for it. */
  #receiveAnswer(requestId: number, body: FrameBody): void {
    const request = this.#pending.take(requestId);
    if (request === undefined || !answersOf(request).includes(frameNameOf(body))) {
      this.#violate('UNEXPECTED_FRAME');
      return;
    }
    if (body.$case === 'pong') return;
    if (body.$case !== 'helloAck') {
      this.#stepWith('answer', { type: 'answer', requestId, body });
      return;
    }
    this.#deadline = Number.POSITIVE_INFINITY;
    this.#stepWith('hello-ack', { type: 'ready', helloAck: body.value, limits: clampLimits(body.value.limits) });
  }

  #receiveDelivery(requestId: number, segment: LogSegment | undefined): void {
    if (requestId === 0 || requestId !== this.#subscription) {
      this.#violate('UNEXPECTED_FRAME');
      return;
    }
    if (segment === undefined) {
      this.#violate('INVALID_MESSAGE');
      return;
    }
    this.#pending.take(requestId);
    this.#stepWith('deliver', { type: 'delivery', segment });
  }

  #receiveError(requestId: number, error: WireError): void {
    const code = errorNameOf(error.code);
    const request = this.#pending.take(requestId);
    const endsSubscription = requestId !== 0 && requestId === this.#subscription;
    if (requestId !== 0 && request === undefined && !endsSubscription) {
      this.#violate('UNEXPECTED_FRAME');
      return;
    }
    if (endsSubscription) this.#subscription = 0;
    if (errors[code].stream === 'open') {
      this.#stepWith('error-answer', { type: 'refused', requestId, code, error });
      return;
    }
    this.#error = code;
    this.#remoteError = error;
    this.#step('error-final');
  }

  #violate(error: ErrorName): void {
    if (this.#machine.isFinal) return;
    this.#error = error;
    this.#step('violation');
  }

  #stepWith(event: ClientSessionEvent, report: ClientEvent): void {
    for (const action of this.#machine.step(event)) this.#act(action, report);
  }

  #step(event: ClientSessionEvent): void {
    for (const action of this.#machine.step(event)) this.#act(action, undefined);
  }

  #act(action: ClientSessionAction, report: ClientEvent | undefined): void {
    switch (action) {
      case 'report-channel':
        if (this.#info !== undefined) this.#event({ type: 'channel', info: this.#info });
        return;
      case 'report-ready':
      case 'report-answer':
      case 'report-delivery':
      case 'report-refusal':
      case 'report-go-away':
        if (report !== undefined) this.#event(report);
        return;
      case 'send-hello':
      case 'send-request':
      case 'refuse-command':
        return; // the method that took the step has written, or throws
      case 'send-bye':
        this.#deadline = this.#now + HELLO_DEADLINE_MS;
        this.#writer.write({ requestId: 0, body: { $case: 'bye', value: {} } });
        return;
      case 'report-closed':
      case 'report-truncated':
      case 'close':
      case 'close-out-of-order':
        this.#close();
        return;
    }
  }

  /** Once: later actions of the same row find the session closed. */
  #close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#flush();
    this.#channel.close();
    const localError = this.#remoteError === undefined ? this.#error : undefined;
    this.#outputs.push({ type: 'close', code: localError === undefined ? 0 : errors[localError].number });
    this.#event({ type: 'closed', error: this.#error, remote: this.#remoteError });
  }

  #closed = false;

  #flush(): void {
    const plaintext = this.#writer.take();
    if (plaintext !== undefined) this.#channel.send(plaintext);
  }

  #event(event: ClientEvent): void {
    this.#outputs.push({ type: 'event', event });
  }
}
