import { toHex } from '@0k-sync/core/bytes';
import { randomDraws } from '@0k-sync/core/noise';
import { type RelayEvent, RelaySession, type VerifiedHello } from '@0k-sync/core/session';
import type { FrameBody, Refusal } from '@0k-sync/core/wire';
import { errors } from '@0k-sync/generated/errors';
import { UNREAD_BYTES_MAX } from '@0k-sync/generated/limits';
import type { ByteStream, Connection, ConnectionEnd } from '@0k-sync/transport';
import type { Reply } from './behaviour.ts';
import type { GroupLog } from './group-log.ts';
import { answerMember, answerStranger } from './requests.ts';
import type { ScriptedRelay } from './scripted-relay.ts';
import { SessionSightings } from './session-sightings.ts';
import { Subscription } from './subscription.ts';
import { welcome } from './welcome.ts';

/** The member that a session let in. */
export interface SessionMember {
  readonly group: GroupLog;
  readonly groupId: Uint8Array;
  readonly deviceKey: Uint8Array;
}

/** One connection of a scripted relay: the real engine, driven by the rules and the relay's behaviour. */
export class ScriptedSession {
  readonly relay: ScriptedRelay;
  readonly engine: RelaySession;
  /** The connection itself, for hooks that reset or close by hand. */
  readonly connection: Connection;
  member: SessionMember | undefined;
  /** Highest cursor that was delivered to this session. RL-48. */
  delivered = 0;
  /** Mailboxes that this session acknowledged, by id and token in hex. PA-16. */
  readonly acknowledgedMailboxes = new Set<string>();
  subscription: Subscription | undefined;
  #stream: ByteStream | undefined;
  #cancelTimer: () => void = () => {};
  #isMute = false;
  readonly #sightings: SessionSightings;

  constructor(relay: ScriptedRelay, connection: Connection) {
    const { random, settings } = relay;
    this.relay = relay;
    this.connection = connection;
    this.#sightings = new SessionSightings(relay.sightings);
    this.engine = new RelaySession(
      {
        crypto: this.#sightings.watch(relay.engineCrypto),
        draws: randomDraws(random),
        staticKeys: relay.keys.noise,
        helloDeadlineMs: settings.helloDeadlineMs,
        clockOffsetMs: relay.clock.wall() - relay.clock.monotonic(),
      },
      relay.clock.monotonic(),
    );
    connection.onStream((stream) => this.#accept(stream));
    void connection.closed.then((end) => this.#finish(end));
    this.#setTimer();
  }

  /** Gives the engine an input and carries out its outputs. */
  drive(input: (engine: RelaySession) => void): void {
    const before = this.engine.state;
    input(this.engine);
    for (let outputs = this.engine.takeOutputs(); outputs.length > 0; outputs = this.engine.takeOutputs()) {
      const close = outputs.find(({ type }) => type === 'close');
      if (close?.type === 'close' && this.relay.behaviour.ending?.(close.code, this) === 'silence') this.#isMute = true;
      for (const output of outputs) {
        if (output.type === 'event') this.#handle(output.event, before);
        else if (this.#isMute) continue;
        else if (output.type === 'send') this.#stream?.write(this.#outgoing(output.bytes));
        else if (output.type === 'end') this.#stream?.end();
        else this.#close(output.code);
      }
    }
    this.#boundUnsent();
    this.relay.boundMemory();
    this.#setTimer();
  }

  #close(code: number): void {
    this.relay.frames?.note('→', `the connection is closed with ${code}`);
    void this.connection.close(code);
  }

  /** Replies to a request. A hook may reply where the rules would not. */
  reply(requestId: number, reply: Reply): void {
    if (reply === 'silence') return;
    this.#sent(reply, requestId);
    if ('error' in reply) this.engine.refuse(requestId, reply);
    else if (reply.$case === 'deliver') this.engine.deliver(reply.value);
    else this.engine.answer(requestId, reply);
  }

  /** Gives up everything that this connection holds. RL-71. */
  evict(): void {
    this.relay.forget(this);
    this.#close(errors.RESOURCES_EXCEEDED.number);
  }

  /** Delivers new envelopes, as far as credit goes. RL-44, RL-45. */
  publish(): void {
    this.drive(() => {
      const { member, subscription } = this;
      if (member === undefined || subscription === undefined) return;
      for (let before = -1; subscription.credit > 0 && subscription.after > before; ) {
        before = subscription.after;
        if (member.group.head > before) this.deliver();
      }
    });
  }

  /** Sends one Deliver of the subscription. RL-44. */
  deliver(): void {
    const { subscription } = this;
    if (subscription === undefined) return;
    const bytesMax = Math.min(subscription.credit, this.relay.settings.pageBytesMax);
    const segment = this.read(subscription.after, bytesMax, subscription.itemsMax);
    subscription.took(segment);
    const delivered = this.relay.behaviour.deliver?.(segment, this) ?? segment;
    if (delivered === 'silence') return;
    this.reply(this.engine.subscription, { $case: 'deliver', value: { segment: delivered } });
  }

  /** Reads a segment of this session's group. RL-40, RL-41, RL-47. */
  read(after: number, bytesMax: number, itemsMax?: number) {
    if (this.member === undefined) throw new TypeError('nobody was let in here');
    this.relay.sweep();
    const honest = this.member.group.segment(after, bytesMax, itemsMax);
    const segment = this.relay.behaviour.segment?.(honest, after, bytesMax, this) ?? honest;
    this.delivered = Math.max(this.delivered, Number(segment.next));
    return segment;
  }

  openSubscription(after: number, creditBytes: number): void {
    this.subscription = new Subscription(after, creditBytes, this.relay.settings.creditBytesMax);
  }

  /** Takes the first stream as the control stream and resets any other. SE-01. */
  #accept(stream: ByteStream): void {
    if (this.#stream !== undefined) {
      stream.reset(errors.RESOURCES_EXCEEDED.number);
      return;
    }
    this.#stream = stream;
    const now = () => this.relay.clock.monotonic();
    stream.receive({
      data: (bytes) => {
        this.#sightings.received(bytes);
        this.drive((engine) => engine.receive(bytes, now()));
      },
      end: () => this.drive((engine) => engine.ended(now())),
      closed: () => this.drive((engine) => engine.ended(now())),
    });
  }

  /** @param before the engine's state before the input that led to the event */
  #handle(event: RelayEvent, before: RelaySession['state']): void {
    if (event.type === 'hello') this.#greet(event.hello);
    else if (event.type === 'closed') this.#sightings.closed(event.error, before);
    else this.#serve(event);
  }

  #greet(hello: VerifiedHello): void {
    this.relay.hellos.push(hello);
    this.relay.frames?.message('←', 'hello', hello);
    const isEnrolled = this.relay.state.group(hello.groupId)?.records.has(toHex(hello.deviceKey)) === true;
    const answer = welcome(this, hello);
    this.#sightings.greeted(hello, isEnrolled, answer);
    this.#sent('error' in answer ? answer : { $case: 'helloAck', value: answer });
    if ('error' in answer) this.engine.refuseHello(answer);
    else this.engine.acceptHello(answer);
  }

  #serve(event: Extract<RelayEvent, { readonly requestId: number }>): void {
    const { requestId, body: request } = event;
    const { behaviour } = this.relay;
    this.relay.requests.push(request);
    this.relay.frames?.message('←', request.$case, request.value, requestId);
    const instead = behaviour.request?.(request, this);
    const honest = instead ?? this.#carryOut(event);
    const reply = instead ?? (honest && behaviour.answer?.(honest, request, this)) ?? honest;
    this.#sightings.served(request, reply);
    if (reply !== undefined) this.reply(requestId, reply);
  }

  #carryOut(event: Extract<RelayEvent, { readonly requestId: number }>): Reply | undefined {
    if (event.type === 'mailbox') return answerStranger(this, event.body);
    return this.member === undefined ? refuse('UNAUTHORIZED') : answerMember(this, this.member, event.body);
  }

  #sent(reply: FrameBody | Refusal, requestId?: number): void {
    const { $case, value } = 'error' in reply ? { $case: 'error', value: reply } : reply;
    this.relay.frames?.message('→', $case, value, requestId);
  }

  #outgoing(bytes: Uint8Array): Uint8Array {
    return this.relay.behaviour.send?.(bytes, this) ?? bytes;
  }

  /** Closes a connection that takes nothing from the network. RL-46. */
  #boundUnsent(): void {
    if ((this.#stream?.bufferedBytes ?? 0) <= UNREAD_BYTES_MAX) return;
    this.#stream?.reset(errors.RESOURCES_EXCEEDED.number);
    void this.connection.close(errors.RESOURCES_EXCEEDED.number);
  }

  #setTimer(): void {
    this.#cancelTimer();
    const deadline = this.engine.nextDeadline();
    if (deadline === undefined) return;
    const { clock } = this.relay;
    const tick = () => this.drive((engine) => engine.tick(clock.monotonic()));
    this.#cancelTimer = clock.after(deadline - clock.monotonic(), tick);
  }

  #finish(end: ConnectionEnd): void {
    this.drive((engine) => engine.ended(this.relay.clock.monotonic()));
    this.#sightings.gone(end);
    this.#cancelTimer();
    this.relay.forget(this);
  }

  /** True if this is a session of that device. SE-23. */
  isOf(groupId: Uint8Array, deviceKey: Uint8Array): boolean {
    const { member } = this;
    return (
      member !== undefined && toHex(member.groupId) === toHex(groupId) && toHex(member.deviceKey) === toHex(deviceKey)
    );
  }
}

function refuse(error: Refusal['error']): Refusal {
  return { error };
}
