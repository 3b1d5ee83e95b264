import type { RelayEvent, RelaySession, VerifiedHello } from '@0k-sync/core/session';
import { type ErrorName, errors } from '@0k-sync/generated/errors';
import { OPERATION_BYTES, STRANGER_UNREAD_BYTES_MAX } from '@0k-sync/generated/limits';
import type { ByteStream, Connection } from '@0k-sync/transport';
import { isRefused } from '../../store/port.ts';
import type { MemoryHolder } from '../limits/memory-budget.ts';
import type { Place } from '../limits/places.ts';
import { MemberSession } from '../requests/member-session.ts';
import { Stranger } from '../requests/stranger.ts';
import type { Carrier } from '../shared/carrier.ts';
import type { SharedDeps } from '../shared/deps.ts';
import type { Lane, TurnTaker } from '../turns/fair-turns.ts';
import { Intake } from '../turns/intake.ts';
import { Operations } from '../turns/operations.ts';
import { Steps } from '../turns/steps.ts';
import { authorize, helloAck } from './authorize.ts';
import { DeadlineTimer } from './deadline-timer.ts';
import { makeEngine } from './engine.ts';

/**
 * One connection, and the session on it: moves bytes between the control stream and the engine in turns, runs the
 * engine's one timer, and gives its events to the stranger or the member.
 */
export class RelayConnection implements Carrier, TurnTaker, MemoryHolder {
  readonly shared: SharedDeps;
  readonly engine: RelaySession;
  readonly address: string;
  readonly #place: Place;
  readonly #connection: Connection;
  readonly #stranger = new Stranger(this);
  readonly #intake = new Intake();
  readonly #operations: Operations;
  readonly #steps: Steps;
  readonly #timer: DeadlineTimer;
  #stream: ByteStream | undefined;
  #member: MemberSession | undefined;
  #scheduled = false;
  /** True while this turn may make a Page or Deliver: it is one for that, and has made none yet. RL-73. */
  mayPage = false;
  #error: ErrorName | undefined;
  #closed = false;
  #isGone = false;
  /** Resolves when the connection is gone. */
  readonly ended: Promise<void>;

  constructor(shared: SharedDeps, connection: Connection, place: Place) {
    const { clock } = shared;
    this.shared = shared;
    this.address = place.address;
    this.#place = place;
    place.yield = () => this.#yieldPlace();
    this.#connection = connection;
    this.engine = makeEngine(shared);
    this.#operations = new Operations(shared, () => ({ address: this.address, member: this.#member }));
    this.#steps = new Steps({
      engine: this.engine,
      intake: this.#intake,
      operations: this.#operations,
      now: () => clock.monotonic(),
      serve: (event) => this.#receiveEvent(event),
    });
    this.#timer = new DeadlineTimer(clock, () => this.#tick());
    connection.onStream((stream) => this.#accept(stream));
    this.#setTimer();
    this.ended = connection.closed.then(() => this.#finish());
  }

  /** Announces the end with GoAway and lets begun requests finish. SE-21, RL-67. */
  shutdown(): void {
    this.engine.shutdown(this.shared.clock.monotonic());
    this.#carryOut();
  }

  get room(): number {
    return Math.max(0, this.#unsentMax - this.#unsent);
  }

  get isCongested(): boolean {
    return this.#unsent > 0 && this.#unsent >= this.#unsentMax;
  }

  wake(): void {
    if (!this.#closed && !this.#operations.isWaiting) this.shared.turns.wake(this, this.#member?.lane ?? 'strangers');
  }

  mayOperate(operations: number): boolean {
    return this.#operations.mayDo(operations);
  }

  paged(bytes: number): void {
    this.mayPage = false;
    this.#operations.spend(Math.ceil(bytes / OPERATION_BYTES));
  }

  /** Reads a bounded part of what was received, and delivers a bounded part of the backlog. RL-73. */
  takeTurn(operations: number, lane: Lane): number {
    this.#operations.beginTurn();
    this.mayPage = lane === 'pages';
    const mustWait = this.#operations.waitIfOwing(() => this.wake());
    const hasMore = !mustWait && this.#work(operations);
    this.mayPage = false;
    this.#carryOut();
    if (hasMore) this.wake();
    return this.#operations.done;
  }

  /** Ends a connection that holds more memory than every other. What it was sent is lost. RL-71. */
  evict(): void {
    this.#error ??= 'RESOURCES_EXCEEDED';
    this.#stream?.reset(errors.RESOURCES_EXCEEDED.number);
    void this.#connection.close(errors.RESOURCES_EXCEEDED.number);
    this.#leave();
  }

  schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      this.#carryOut();
    });
  }

  /** Takes the first stream as the control stream and resets any other. SE-01. */
  #accept(stream: ByteStream): void {
    if (this.#stream !== undefined) {
      stream.reset(errors.RESOURCES_EXCEEDED.number);
      return;
    }
    this.#stream = stream;
    const now = () => this.shared.clock.monotonic();
    stream.receive({
      data: (bytes) => {
        this.engine.heard(now());
        this.#intake.add(bytes);
        this.#boundUnread();
        this.wake();
      },
      end: () => {
        this.#intake.end();
        this.wake();
      },
      closed: () => this.#streamClosed(),
      drain: () => {
        this.#account();
        this.wake();
      },
    });
  }

  #streamClosed(): void {
    this.#intake.clear();
    this.engine.ended(this.shared.clock.monotonic());
    this.#carryOut();
  }

  /** @returns true when more can be done in a later turn */
  #work(operations: number): boolean {
    this.#member?.resume();
    let isRead = false;
    while (this.#operations.done < operations && !isRead && this.#mayRead()) isRead = !this.#steps.take();
    if (this.mayPage && !this.#closed && !this.isCongested) this.#member?.log.deliverBacklog();
    const isWaiting = this.#member?.isWaiting === true;
    return !this.isCongested && ((!isRead && !isWaiting) || this.#member?.lane === 'pages');
  }

  /** RL-72. */
  #mayRead(): boolean {
    return !this.#closed && !this.isCongested && this.#member?.isWaiting !== true;
  }

  /** Closes on a client that sends faster than it is served. RL-63. */
  #boundUnread(): void {
    const { unread_bytes_max } = this.shared.config.limits;
    const bytesMax = this.#member === undefined ? STRANGER_UNREAD_BYTES_MAX : unread_bytes_max;
    if (this.#unread > bytesMax) {
      this.engine.refuse(0, { error: 'RESOURCES_EXCEEDED' });
      this.#carryOut();
    }
    this.#account();
  }

  /** Tells the budget what this connection holds. RL-71. */
  #account(): void {
    const held = this.#isGone ? 0 : this.#unread + this.engine.heldBytes + this.#unsent;
    this.shared.memory.hold(this, held);
  }

  /** The bytes that are received and not processed. RL-63. */
  get #unread(): number {
    return this.#intake.bytes + (this.#member?.pushes.bytes ?? 0);
  }

  /** RL-72. */
  get #unsentMax(): number {
    return Math.min(this.shared.config.limits.unsent_bytes_max, this.shared.memory.share);
  }

  /** The bytes that the network has not taken. */
  get #unsent(): number {
    return this.#stream?.bufferedBytes ?? 0;
  }

  #carryOut(): void {
    for (const output of this.engine.takeOutputs()) {
      switch (output.type) {
        case 'send':
          this.#stream?.write(output.bytes);
          break;
        case 'end':
          this.#stream?.end();
          break;
        case 'close':
          void this.#connection.close(output.code);
          break;
        case 'event':
          this.#receiveEvent(output.event);
      }
    }
    this.#operations.pay();
    this.#account();
    this.#setTimer();
  }

  #receiveEvent(event: RelayEvent): void {
    switch (event.type) {
      case 'hello':
        void this.#authorize(event.hello);
        return;
      case 'mailbox':
        this.#stranger.receive(event.requestId, event.body);
        this.schedule();
        return;
      case 'request':
        this.#member?.receive(event.requestId, event.body);
        this.schedule();
        return;
      case 'closed':
        this.#error = event.error;
        this.#leave();
        return;
    }
  }

  async #authorize(hello: VerifiedHello): Promise<void> {
    const { shared, engine } = this;
    const outcome = await authorize(shared, hello, this.address).catch(() => undefined);
    if (outcome === undefined) this.#refuseHello('STORAGE_UNAVAILABLE');
    else if (isRefused(outcome)) this.#refuseHello(outcome.refused);
    else if (engine.state === 'authorizing') {
      if (!outcome.created) shared.admission.letIn(this.#place);
      this.#member = new MemberSession(this, outcome, hello);
      engine.acceptHello(helloAck(shared, outcome));
    }
    this.#carryOut();
  }

  #refuseHello(error: ErrorName): void {
    this.shared.observer.refused(error);
    this.engine.refuseHello({ error });
  }

  #setTimer(): void {
    this.#timer.set(this.#closed ? undefined : this.engine.nextDeadline());
  }

  #tick(): void {
    this.engine.tick(this.shared.clock.monotonic());
    this.#carryOut();
  }

  /** Ends the connection for one of an address that has fewer. RL-61. */
  #yieldPlace(): void {
    this.#error = 'RELAY_OVERLOADED';
    void this.#connection.close(errors.RELAY_OVERLOADED.number);
    this.#leave();
  }

  /** Ends the session at the relay: nothing more is delivered to it. */
  #leave(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#setTimer();
    this.#operations.close();
    this.shared.turns.leave(this);
    this.#intake.clear();
    this.#member?.close();
    this.#member = undefined;
    this.shared.observer.disconnected(this.#error);
  }

  #finish(): void {
    this.engine.ended(this.shared.clock.monotonic());
    this.#carryOut();
    this.#leave();
    this.#isGone = true;
    this.#account();
    this.shared.admission.leave(this.#place);
  }
}
