import { type ErrorName, errors } from '@0k-sync/generated/errors';
import type { FrameName } from '@0k-sync/generated/frames';
import { DRAIN_MS, HELLO_DEADLINE_MS, IDLE_TIMEOUT_MS, REQUESTS_IN_FLIGHT_MAX } from '@0k-sync/generated/limits';
import { type RelaySessionAction, type RelaySessionEvent, relaySession } from '@0k-sync/generated/machines';
import type { Deliver, Frame, HelloAck } from '@0k-sync/generated/wire/frame';
import { errorFrame, type FrameBody, FrameReader, FrameWriter, type Refusal } from '../wire/index.ts';
import type { ChannelConfig } from './channel.ts';
import { type VerifiedHello, verifyHello } from './hello.ts';
import { Machine } from './machine.ts';
import type { Output } from './output.ts';
import { accepts, answersOf, frameNameOf, PendingRequests } from './requests.ts';
import { ResponderChannel } from './responder-channel.ts';

/** What a relay's shell is asked to do. Every `requestId` that is not 0 is owed exactly one answer or refusal. */
export type RelayEvent =
  /** Its signatures verify; answer with acceptHello or refuseHello. SE-11. */
  | { readonly type: 'hello'; readonly hello: VerifiedHello }
  /** A member's request; in order. SE-06. */
  | { readonly type: 'request'; readonly requestId: number; readonly body: FrameBody }
  /** A stranger's MailboxClaim or MailboxAck. */
  | { readonly type: 'mailbox'; readonly requestId: number; readonly body: FrameBody }
  /** The session is over; `error` is what ended it, if anything did. */
  | { readonly type: 'closed'; readonly error: ErrorName | undefined };

export interface RelaySessionConfig extends ChannelConfig {
  readonly helloDeadlineMs?: number | undefined;
  readonly idleTimeoutMs?: number | undefined;
  readonly requestsInFlightMax?: number | undefined;
}

/**
 * The relay's end of one session, without any I/O.
 *
 * Inputs: `receive`, `ended`, `tick`, and what the shell has to say (`acceptHello`, `refuseHello`, `answer`, `deliver`,
 * `refuse`, `claimAccepted`, `shutdown`). After any of them, carry out `takeOutputs()` in order and call `tick` at
 * `nextDeadline`. All times are milliseconds of one clock that never goes back.
 */
export class RelaySession {
  readonly #machine = new Machine(relaySession);
  readonly #config: RelaySessionConfig;
  readonly #channel: ResponderChannel;
  readonly #reader = new FrameReader('client');
  readonly #writer = new FrameWriter();
  readonly #pending = new PendingRequests();
  #outputs: Output<RelayEvent>[] = [];
  #handshakeHash: Uint8Array = new Uint8Array(0);
  /** The request_id of the subscription; 0 while there is none. RL-44. */
  #subscription = 0;
  #helloRequest = 0;
  #error: ErrorName | undefined;
  #now: number;
  #lastHeard: number;
  #deadline: number;

  constructor(config: RelaySessionConfig, now: number) {
    this.#config = config;
    this.#now = now;
    this.#lastHeard = now;
    this.#deadline = now + (config.helloDeadlineMs ?? HELLO_DEADLINE_MS);
    this.#channel = new ResponderChannel(config, {
      send: (bytes) => void this.#outputs.push({ type: 'send', bytes }),
      ready: ({ handshakeHash }) => {
        this.#handshakeHash = handshakeHash;
        this.#step('channel-ready');
      },
      plaintext: (bytes) => this.#receivePlaintext(bytes),
      failed: (error) => this.#violate(error),
    });
  }

  get state(): (typeof relaySession.states)[number] {
    return this.#machine.state;
  }

  /** The request_id that every Deliver carries; 0 while there is no subscription. */
  get subscription(): number {
    return this.#subscription;
  }

  receive(bytes: Uint8Array, now: number): void {
    this.#now = now;
    this.#lastHeard = now;
    if (!this.#machine.isFinal) this.#channel.receive(bytes);
  }

  /** The peer has finished its side of the stream, or the connection is gone. */
  ended(now: number): void {
    this.#now = now;
    if (this.#machine.state !== 'finishing') this.#error ??= 'STREAM_TRUNCATED';
    this.#step('ended');
  }

  /** Lets deadlines pass. HS-15, SE-21, SE-22. */
  tick(now: number): void {
    this.#now = now;
    const deadline = this.nextDeadline();
    if (deadline === undefined || now < deadline) return;
    if (this.#machine.state !== 'finishing' && this.#machine.state !== 'draining') {
      this.#error = 'DEADLINE_EXCEEDED';
      this.#write(0, errorFrame({ code: 'DEADLINE_EXCEEDED' }));
    }
    this.#step('deadline');
  }

  /** When `tick` has something to do next; undefined once closed. */
  nextDeadline(): number | undefined {
    if (this.#machine.isFinal) return undefined;
    return Math.min(this.#deadline, this.#lastHeard + (this.#config.idleTimeoutMs ?? IDLE_TIMEOUT_MS));
  }

  /** Lets the device in. SE-15. */
  acceptHello(answer: HelloAck): void {
    if (this.#machine.state !== 'authorizing') return;
    this.#write(this.#helloRequest, { $case: 'helloAck', value: answer });
    this.#pending.take(this.#helloRequest);
    this.#deadline = Number.POSITIVE_INFINITY;
    this.#step('hello-accepted');
  }

  refuseHello(refusal: Refusal): void {
    if (this.#machine.state !== 'authorizing') return;
    this.#error = refusal.code;
    this.#write(this.#helloRequest, errorFrame(refusal));
    this.#step('hello-refused');
  }

  /** Answers a request. */
  answer(requestId: number, body: FrameBody): void {
    if (this.#machine.isFinal || this.#pending.take(requestId) === undefined) return;
    this.#write(requestId, body);
    this.#settle();
  }

  /** A stretch of the subscription; the first one answers the Subscribe. RL-44. */
  deliver(value: Deliver): void {
    if (this.#machine.isFinal || this.#subscription === 0) return;
    this.#pending.take(this.#subscription);
    this.#write(this.#subscription, { $case: 'deliver', value });
    this.#settle();
  }

  /** Refuses a request (0: something without an answer); a row of stream `close` ends the session. SE-03, SE-07. */
  refuse(requestId: number, refusal: Refusal): void {
    if (this.#machine.isFinal) return;
    this.#pending.take(requestId);
    if (requestId === this.#subscription) this.#subscription = 0;
    if (errors[refusal.code].stream === 'close') {
      this.#violate(refusal.code, requestId, refusal);
      return;
    }
    this.#write(requestId, errorFrame(refusal));
    this.#settle();
  }

  /** A claim succeeded: the stranger has until the mailbox's deadline. PA-19. */
  claimAccepted(deadline: number): void {
    this.#deadline = Math.max(this.#deadline, deadline);
    this.#step('claim-accepted');
  }

  shutdown(now: number): void {
    this.#now = now;
    this.#step('shutdown');
  }

  /** What to carry out, in order; what was written since the last call leaves as few records. */
  takeOutputs(): Output<RelayEvent>[] {
    this.#flush();
    const outputs = this.#outputs;
    this.#outputs = [];
    return outputs;
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
      this.#receiveFrame(read.frame);
    }
    return false;
  }

  #receiveFrame({ requestId, body }: Frame): void {
    if (body === undefined) {
      this.#violate('UNKNOWN_FRAME');
      return;
    }
    const name = frameNameOf(body);
    const owed = answersOf(name).length > 0;
    const idIsFree = requestId !== 0 && requestId !== this.#subscription && !this.#pending.has(requestId);
    if (!accepts(name, 'client', this.#machine.state) || owed !== (requestId !== 0) || (owed && !idIsFree)) {
      this.#violate('UNEXPECTED_FRAME', requestId);
      return;
    }
    if (owed) {
      if (this.#pending.size >= (this.#config.requestsInFlightMax ?? REQUESTS_IN_FLIGHT_MAX)) {
        this.#violate('REQUESTS_EXCEEDED', requestId);
        return;
      }
      this.#pending.add(requestId, name);
    }
    this.#dispatch(name, requestId, body);
  }

  #dispatch(name: FrameName, requestId: number, body: FrameBody): void {
    if (name === 'Hello') this.#helloRequest = requestId;
    if (name === 'Subscribe') {
      if (this.#subscription !== 0) {
        this.#violate('UNEXPECTED_FRAME', requestId);
        return;
      }
      if (this.#machine.state === 'ready') this.#subscription = requestId;
    }
    for (const action of this.#machine.step(eventOf(name))) this.#act(action, requestId, body);
  }

  #step(event: RelaySessionEvent): void {
    for (const action of this.#machine.step(event)) this.#act(action, 0, undefined);
  }

  #act(action: RelaySessionAction, requestId: number, body: FrameBody | undefined): void {
    switch (action) {
      case 'authorize':
        this.#authorize(body);
        return;
      case 'serve':
        this.#serve(requestId, body);
        return;
      case 'send-pong':
        this.answer(requestId, { $case: 'pong', value: { serverTimeMs: BigInt(this.#now) } });
        return;
      case 'refuse-shutting-down':
        this.refuse(requestId, { code: 'RELAY_SHUTTING_DOWN' });
        return;
      case 'send-go-away':
        this.#deadline = this.#now + DRAIN_MS;
        this.#write(0, {
          $case: 'goAway',
          value: { code: errors.RELAY_SHUTTING_DOWN.number, reconnectAfterMs: 0n },
        });
        return;
      case 'finish':
        this.#deadline = this.#now + DRAIN_MS;
        this.#settle();
        return;
      case 'extend-deadline':
      case 'send-hello-ack':
      case 'send-error':
        return; // what is sent was queued by the method that took the step
      case 'end-stream':
        this.#flush();
        this.#outputs.push({ type: 'end' });
        return;
      case 'close':
      case 'close-out-of-order':
        this.#close();
        return;
    }
  }

  /** The pure half of authorisation; the enrolment is looked up alike in every case. SE-14. */
  #authorize(body: FrameBody | undefined): void {
    if (body?.$case !== 'hello') return;
    const hello = verifyHello(this.#config.crypto, body.value, this.#handshakeHash);
    if (hello === undefined) {
      this.refuseHello({ code: 'UNAUTHORIZED' });
      return;
    }
    this.#event({ type: 'hello', hello });
  }

  #serve(requestId: number, body: FrameBody | undefined): void {
    if (body === undefined) return;
    const type = body.$case === 'mailboxClaim' || body.$case === 'mailboxAck' ? 'mailbox' : 'request';
    this.#event({ type, requestId, body });
  }

  /** Ends the session for something the peer did: an Error if there is a channel, then the close. SE-07. */
  #violate(error: ErrorName, requestId = 0, refusal: Refusal = { code: error }): void {
    if (this.#machine.isFinal) return;
    this.#error = error;
    this.#write(requestId, errorFrame(refusal));
    this.#step('violation');
  }

  #settle(): void {
    if (this.#machine.state === 'finishing' && this.#pending.size === 0) this.#step('drained');
  }

  #close(): void {
    this.#flush();
    this.#channel.close();
    this.#outputs.push({ type: 'close', code: this.#error === undefined ? 0 : errors[this.#error].number });
    this.#event({ type: 'closed', error: this.#error });
  }

  /** Before the channel is ready there is nothing to write to: the close code tells it then. */
  #write(requestId: number, body: FrameBody): void {
    if (this.#handshakeHash.length > 0) this.#writer.write({ requestId, body });
  }

  #flush(): void {
    const plaintext = this.#writer.take();
    if (plaintext !== undefined) this.#channel.send(plaintext);
  }

  #event(event: RelayEvent): void {
    this.#outputs.push({ type: 'event', event });
  }
}

function eventOf(name: FrameName): RelaySessionEvent {
  switch (name) {
    case 'Hello':
      return 'hello';
    case 'MailboxClaim':
    case 'MailboxAck':
      return 'mailbox';
    case 'Ping':
      return 'ping';
    case 'Bye':
      return 'bye';
    default:
      return 'request';
  }
}
