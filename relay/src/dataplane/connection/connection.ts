import { randomDraws } from '@0k-sync/core/noise';
import { type RelayEvent, RelaySession, type VerifiedHello } from '@0k-sync/core/session';
import { type ErrorName, errors } from '@0k-sync/generated/errors';
import type { ByteStream, Connection } from '@0k-sync/transport';
import { isRefused } from '../../store/port.ts';
import type { Place } from '../limits/places.ts';
import { MemberSession } from '../requests/member-session.ts';
import { Stranger } from '../requests/stranger.ts';
import type { Carrier } from '../shared/carrier.ts';
import type { SharedDeps } from '../shared/deps.ts';
import { authorize, helloAck } from './authorize.ts';

/**
 * One connection, and the session on it: moves bytes between the control stream and the engine, runs the engine's one
 * timer, and gives its events to the stranger or the member.
 */
export class RelayConnection implements Carrier {
  readonly shared: SharedDeps;
  readonly engine: RelaySession;
  readonly address: string;
  readonly #place: Place;
  readonly #connection: Connection;
  readonly #stranger = new Stranger(this);
  #stream: ByteStream | undefined;
  #member: MemberSession | undefined;
  #cancelTimer: () => void = () => {};
  #timerAt = Number.POSITIVE_INFINITY;
  #scheduled = false;
  #error: ErrorName | undefined;
  #closed = false;
  /** Resolves when the connection is gone. */
  readonly ended: Promise<void>;

  constructor(shared: SharedDeps, connection: Connection, place: Place) {
    const { crypto, random, keys, config, clock } = shared;
    const { hello_deadline_ms, idle_timeout_ms, requests_in_flight_max } = config.limits;
    this.shared = shared;
    this.address = place.address;
    this.#place = place;
    place.yield = () => this.#yieldPlace();
    this.#connection = connection;
    this.engine = new RelaySession(
      {
        crypto,
        draws: randomDraws(random),
        staticKeys: keys.noise,
        helloDeadlineMs: hello_deadline_ms,
        idleTimeoutMs: idle_timeout_ms,
        clockOffsetMs: clock.wall() - clock.monotonic(),
        requestsInFlightMax: requests_in_flight_max,
      },
      clock.monotonic(),
    );
    connection.onStream((stream) => this.#accept(stream));
    this.#setTimer();
    this.ended = connection.closed.then(() => this.#finish());
  }

  /** Announces the end with GoAway and lets begun requests finish. SE-21, RL-67. */
  shutdown(): void {
    this.engine.shutdown(this.shared.clock.monotonic());
    this.#carryOut();
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
        this.engine.receive(bytes, now());
        this.#carryOut();
      },
      end: () => this.#streamEnded(),
      closed: () => this.#streamEnded(),
    });
  }

  #streamEnded(): void {
    this.engine.ended(this.shared.clock.monotonic());
    this.#carryOut();
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
    this.#boundUnsent();
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

  /** Closes on a client that does not read what it asked for. RL-46. */
  #boundUnsent(): void {
    if (this.#closed || (this.#stream?.bufferedBytes ?? 0) <= this.shared.config.limits.unsent_bytes_max) return;
    this.#error = 'RESOURCES_EXCEEDED';
    this.#stream?.reset(errors.RESOURCES_EXCEEDED.number);
    void this.#connection.close(errors.RESOURCES_EXCEEDED.number);
    this.#leave();
  }

  /** Arms the timer. Received bytes extend the deadline without touching the timer; it re-arms when it fires. */
  #setTimer(): void {
    const deadline = this.#closed ? undefined : this.engine.nextDeadline();
    if (deadline === undefined) {
      this.#cancelTimer();
      this.#timerAt = Number.POSITIVE_INFINITY;
    } else if (deadline < this.#timerAt) {
      this.#cancelTimer();
      this.#timerAt = deadline;
      const { clock } = this.shared;
      this.#cancelTimer = clock.after(deadline - clock.monotonic(), () => this.#tick());
    }
  }

  #tick(): void {
    this.#timerAt = Number.POSITIVE_INFINITY;
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
    this.#cancelTimer();
    this.#member?.close();
    this.#member = undefined;
    this.shared.observer.disconnected(this.#error);
  }

  #finish(): void {
    this.engine.ended(this.shared.clock.monotonic());
    this.#carryOut();
    this.#leave();
    this.shared.admission.leave(this.#place);
  }
}
