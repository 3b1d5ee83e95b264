import { type ErrorName, errors } from '@0k-sync/generated/errors';
import { DRAIN_MS, HELLO_DEADLINE_MS, IDLE_TIMEOUT_MS, REQUESTS_IN_FLIGHT_MAX } from '@0k-sync/generated/limits';
import {
  type RelaySessionAction,
  type RelaySessionEvent,
  relaySession,
} from '@0k-sync/generated/machines/relay-session';
import type { Deliver, Frame, HelloAck } from '@0k-sync/generated/wire/frame';
import { Machine } from '../machine/index.ts';
import { errorFrame, type FrameBody, type Refusal } from '../wire/index.ts';
import { ClientStream, type Step } from './client-stream.ts';
import { eventOf, frameNameOf, isFrom, isRequest } from './frames.ts';
import { verifyHello } from './hello.ts';
import type { Output } from './output.ts';
import { OutputQueue } from './output-queue.ts';
import { type RelaySessionConfig, wallTime } from './relay-config.ts';
import type { RelayEvent, Subject } from './relay-events.ts';
import { endingEvent, RelayRequests } from './relay-requests.ts';

/**
 * The relay's end of one session, without any I/O: a connection (transport) carries bytes, a channel makes them secret,
 * and this engine speaks frames over the channel.
 * Feed it with `receive` (or `take`, then `proceed` step by step), `ended` and `tick`; command it with `acceptHello`,
 * `refuseHello`, `answer`, `deliver`, `refuse`, `claimAccepted` and `shutdown`. After each, carry out `takeOutputs()` in
 * order and call `tick` at `nextDeadline`. All times are milliseconds of one clock that never goes back.
 */
export class RelaySession {
  readonly #machine = new Machine(relaySession);
  readonly #config: RelaySessionConfig;
  readonly #stream: ClientStream;
  readonly #requests: RelayRequests;
  readonly #outputs = new OutputQueue<RelayEvent>();
  /** 32 bytes; undefined until the channel is ready. */
  #handshakeHash: Uint8Array | undefined;
  #error: ErrorName | undefined;
  #now: number;
  #lastHeard: number;
  #deadline: number;

  constructor(config: RelaySessionConfig, now: number) {
    this.#config = config;
    this.#requests = new RelayRequests(config.requestsInFlightMax ?? REQUESTS_IN_FLIGHT_MAX);
    this.#now = now;
    this.#lastHeard = now;
    this.#deadline = now + (config.helloDeadlineMs ?? HELLO_DEADLINE_MS);
    this.#stream = new ClientStream(config, {
      send: (bytes) => this.#outputs.send(bytes),
      ready: ({ handshakeHash }) => {
        this.#handshakeHash = handshakeHash;
        this.#step('channel-ready');
      },
      failed: (error) => this.#end('violation', 0, { error }),
    });
  }

  get state(): (typeof relaySession.states)[number] {
    return this.#machine.state;
  }

  /** When bytes of the client last came, milliseconds of this session's clock. SE-23. */
  get heardAt(): number {
    return this.#lastHeard;
  }

  /** The request_id that every Deliver carries; 0 without a subscription. */
  get subscription(): number {
    return this.#requests.subscription;
  }

  /** Takes bytes and reads everything in them. */
  receive(bytes: Uint8Array, now: number): void {
    this.heard(now);
    this.take(bytes);
    while (this.proceed(now) !== undefined);
  }

  /** Bytes arrived, which may wait before `take`. SE-22. */
  heard(now: number): void {
    this.#lastHeard = now;
  }

  /** Takes bytes, which `proceed` reads. Read everything before them first. */
  take(bytes: Uint8Array): void {
    if (!this.#machine.isFinal) this.#stream.push(bytes);
  }

  /** Reads one handshake message, record or frame of what was taken; undefined when bytes are missing. RL-73. */
  proceed(now: number): Step | undefined {
    this.#now = now;
    if (this.#machine.isFinal) return undefined;
    const read = this.#stream.next();
    if (typeof read !== 'object') return read;
    if (read.ok) this.#receiveFrame(read.frame);
    else this.#end('violation', 0, { error: read.error, detail: read.detail });
    return 'frame';
  }

  /** The memory of a frame and a record that are not whole yet, bytes. RL-71. */
  get heldBytes(): number {
    return this.#stream.heldBytes;
  }

  /** The client has finished its side of the stream, or the connection is gone. WI-12. */
  ended(now: number): void {
    this.#now = now;
    const isExpected = this.#machine.state === 'finishing' || this.#machine.state === 'draining';
    if (!this.#machine.isFinal && !(isExpected && this.#stream.isEmpty)) this.#error ??= 'STREAM_TRUNCATED';
    this.#step('ended');
  }

  /** Checks the deadlines. HS-15, SE-21, SE-22. */
  tick(now: number): void {
    this.#now = now;
    if (now < (this.nextDeadline() ?? Number.POSITIVE_INFINITY)) return;
    const isLeaving = this.#machine.state === 'finishing' || this.#machine.state === 'draining';
    if (isLeaving) this.#step('deadline');
    else this.#end('deadline', 0, { error: 'DEADLINE_EXCEEDED' });
  }

  /** The time at which `tick` has to be called next; undefined once closed. */
  nextDeadline(): number | undefined {
    if (this.#machine.isFinal) return undefined;
    return Math.min(this.#deadline, this.#lastHeard + (this.#config.idleTimeoutMs ?? IDLE_TIMEOUT_MS));
  }

  /** Lets the device in and answers its Hello. SE-15. */
  acceptHello(answer: HelloAck): void {
    if (this.#machine.state !== 'authorizing') return;
    this.#deadline = Number.POSITIVE_INFINITY;
    this.#stream.letIn();
    const requestId = this.#requests.hello;
    this.#requests.takeAnswered(requestId);
    this.#step('hello-accepted', { requestId, body: { $case: 'helloAck', value: answer } });
  }

  refuseHello(refusal: Refusal): void {
    if (this.#machine.state === 'authorizing') this.#end('hello-refused', this.#requests.hello, refusal);
  }

  /** Answers a request that waits. */
  answer(requestId: number, body: FrameBody): void {
    if (this.#machine.isFinal || !this.#requests.takeAnswered(requestId)) return;
    this.#write(requestId, body);
    this.#settle();
  }

  /** Sends a stretch of the log to the subscription; the first one answers the Subscribe. RL-44. */
  deliver(value: Deliver): void {
    const { subscription } = this.#requests;
    if (this.#machine.isFinal || subscription === 0) return;
    this.#requests.takeAnswered(subscription);
    this.#write(subscription, { $case: 'deliver', value });
    this.#settle();
  }

  /**
   * Refuses a request, or with 0 a frame without an answer. Errors whose stream is `close` end the session. SE-03,
   * SE-07, ER-02.
   */
  refuse(requestId: number, refusal: Refusal): void {
    if (this.#machine.isFinal) return;
    this.#requests.takeRefused(requestId);
    if (errors[refusal.error].stream === 'close') {
      this.#end('violation', requestId, refusal);
      return;
    }
    this.#write(requestId, errorFrame(refusal));
    this.#settle();
  }

  /**
   * A claim succeeded, so the stranger gets more time. PA-19.
   * @param deadline when the mailbox expires, milliseconds of this session's clock
   */
  claimAccepted(deadline: number): void {
    if (this.#machine.state === 'fresh' || this.#machine.state === 'claimed') {
      this.#deadline = Math.max(this.#deadline, deadline);
    }
    this.#step('claim-accepted');
  }

  shutdown(now: number): void {
    this.#now = now;
    this.#step('shutdown');
  }

  /** Takes the events alone, so that one frame can be served before the next is read. What was written stays. RL-73. */
  takeEvents(): RelayEvent[] {
    return this.#outputs.takeEvents();
  }

  /** Takes what the shell has to carry out, in order. Frames written since the last call share records. WI-07. */
  takeOutputs(): Output<RelayEvent>[] {
    this.#flush();
    return this.#outputs.take();
  }

  #receiveFrame({ requestId, body }: Frame): void {
    if (body === undefined) return;
    if (!isFrom(body, 'client')) {
      this.#end('violation', requestId, { error: 'UNEXPECTED_FRAME' });
      return;
    }
    const name = frameNameOf(body);
    const refusal = this.#requests.judge(this.#machine.state, name, requestId);
    if (refusal !== undefined) {
      this.#end(endingEvent(this.#machine, name, refusal), requestId, { error: refusal });
      return;
    }
    this.#requests.add(name, requestId);
    if (name === 'Subscribe' && this.#machine.state === 'ready') this.#requests.subscribe(requestId);
    this.#step(eventOf(name), { requestId, body });
  }

  #step(event: RelaySessionEvent, subject?: Subject): void {
    for (const action of this.#machine.step(event)) this.#act(action, subject);
  }

  /** Takes the step that ends the session: an Error if its row sends one, then the close with its number. SE-07. */
  #end(event: RelaySessionEvent, requestId: number, refusal: Refusal): void {
    if (this.#machine.isFinal) return;
    this.#error = refusal.error;
    this.#step(event, { requestId, body: errorFrame(refusal) });
  }

  #act(action: RelaySessionAction, subject: Subject | undefined): void {
    switch (action) {
      case 'authorize':
        this.#authorize(subject);
        break;
      case 'serve':
        if (subject !== undefined) this.#serve(subject);
        break;
      case 'send-pong':
        this.answer(subject?.requestId ?? 0, {
          $case: 'pong',
          value: { serverTimeMs: wallTime(this.#config, this.#now) },
        });
        break;
      case 'refuse-shutting-down':
        this.refuse(subject?.requestId ?? 0, { error: 'RELAY_SHUTTING_DOWN' });
        break;
      case 'send-hello-ack':
      case 'send-error':
        if (subject !== undefined) this.#write(subject.requestId, subject.body);
        break;
      case 'send-go-away':
        this.#deadline = this.#now + DRAIN_MS;
        this.#write(0, { $case: 'goAway', value: { code: errors.RELAY_SHUTTING_DOWN.number, reconnectAfterMs: 0n } });
        break;
      case 'finish':
        this.#deadline = this.#now + DRAIN_MS;
        this.#settle();
        break;
      case 'extend-deadline':
        break; // claimAccepted has, with the time that only it knows
      case 'end-stream':
        this.#flush();
        this.#outputs.end();
        break;
      case 'close':
      case 'close-out-of-order':
        this.#close();
        break;
    }
  }

  /** Verifies the Hello; the shell looks the enrolment up in the store. SE-14. */
  #authorize(subject: Subject | undefined): void {
    if (subject?.body.$case !== 'hello' || this.#handshakeHash === undefined) return;
    const hello = verifyHello(this.#config.crypto, subject.body.value, this.#handshakeHash);
    if (hello === undefined) this.refuseHello({ error: 'UNAUTHORIZED' });
    else this.#outputs.event({ type: 'hello', hello });
  }

  #serve({ requestId, body }: Subject): void {
    if (isRequest(body, 'request')) this.#outputs.event({ type: 'request', requestId, body });
    else if (isRequest(body, 'mailbox')) this.#outputs.event({ type: 'mailbox', requestId, body });
  }

  #settle(): void {
    if (this.#machine.state === 'finishing' && this.#requests.isEmpty) this.#step('drained');
  }

  #close(): void {
    this.#flush();
    this.#stream.close();
    this.#outputs.close(this.#error === undefined ? 0 : errors[this.#error].number);
    this.#outputs.event({ type: 'closed', error: this.#error });
  }

  /** Writes a frame. Before the channel is ready only the close code can tell anything. */
  #write(requestId: number, body: FrameBody): void {
    if (this.#handshakeHash !== undefined) this.#outputs.write(requestId, body);
  }

  #flush(): void {
    this.#outputs.flush((plaintext) => this.#stream.send(plaintext));
  }
}
