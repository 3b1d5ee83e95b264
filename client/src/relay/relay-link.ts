import { errors } from '@0k-sync/generated/errors';
import type { GoAway, LogSegment } from '@0k-sync/generated/wire/frame';
import { Backoff } from '../async/backoff.ts';
import { Wakeup } from '../async/wakeup.ts';
import { closedError, SyncError } from '../error.ts';
import type { LinkState } from '../events.ts';
import type { Source } from '../inbound/intake.ts';
import { Puller } from '../inbound/puller.ts';
import { ownHeadIsKnown } from '../outbound/own-head.ts';
import { PushLane, type PushLaneConfig } from '../outbound/push-lane.ts';
import { type ProtocolConnection, RequestRefused, SessionEnded } from './connection.ts';
import { type DialConfig, type Dialled, dial } from './dial.ts';
import { explain, ProtocolViolation } from './failure.ts';
import { endingError, type LinkEnd, linkEnd } from './link-end.ts';
import type { LiveSession } from './live-session.ts';
import type { RelayAddress } from './relay-address.ts';

export interface RelayLinkConfig extends DialConfig, PushLaneConfig {
  /** For relays that create groups by token; may be empty. SE-13. */
  readonly accessToken: string;
  readonly statusChanged: () => void;
}

/** A session that can be used now. */
export interface Live {
  readonly session: LiveSession;
  readonly puller: Puller;
  /** Ends this session, and no other that may have followed it, because of what went wrong in it. */
  readonly failed: (error: unknown) => void;
}

/** Where a link stands, for the status. */
export interface LinkStatus {
  readonly state: LinkState;
  readonly error?: SyncError;
  readonly retryAtMs?: number;
}

/** One relay of the group: keeps a session with it, sends what is queued, reads what is there. */
export class RelayLink {
  readonly relay: RelayAddress;
  readonly #config: RelayLinkConfig;
  readonly #backoff: Backoff;
  readonly #closing = new AbortController();
  #status: LinkStatus = { state: 'idle' };
  #running: Promise<void> | undefined;
  #retry = new Wakeup();
  #waiting: PromiseWithResolvers<Live>[] = [];
  #connection: ProtocolConnection | undefined;
  #live: (Live & { readonly lane: PushLane }) | undefined;
  #goAway: GoAway | undefined;
  #retryAtOnce = false;
  #wantsDeliveries = false;
  /** Why nothing may be pushed there, while reading goes on. CL-21, CL-26. */
  #pushError: SyncError | undefined;

  constructor(config: RelayLinkConfig, relay: RelayAddress) {
    this.#config = config;
    this.relay = relay;
    this.#backoff = new Backoff(config.random);
  }

  get status(): LinkStatus {
    return this.#pushError === undefined ? this.#status : { ...this.#status, error: this.#pushError };
  }

  start(): void {
    this.#running = this.#run();
  }

  /** Resolves with a usable session; tries at once where the link rests. Rejects with why there is none. */
  connected(): Promise<Live> {
    if (this.#live !== undefined) return Promise.resolve(this.#live);
    if (this.#closing.signal.aborted) return Promise.reject(closedError());
    if (this.#running === undefined) return Promise.reject(offline(this.relay.address));
    const waiting = Promise.withResolvers<Live>();
    this.#waiting.push(waiting);
    this.#retry.wake();
    return waiting.promise;
  }

  /** Reads all that the relay has now, and returns who it is. Rejects with SyncError. */
  async pull(): Promise<Source> {
    const { puller, session, failed } = await this.connected();
    try {
      await puller.pull();
      return session.source;
    } catch (error) {
      const goesOn = error instanceof RequestRefused; // SE-03
      if (!goesOn && !(error instanceof SessionEnded)) failed(error);
      throw linkEnd(error, this.relay.address, this.#goAway).error;
    }
  }

  /** Reads live from now on, in this session and those that follow. */
  subscribe(): void {
    this.#wantsDeliveries = true;
    const live = this.#live;
    live?.puller.subscribe(live.failed);
  }

  /** There is something new in the outbox. */
  wake(): void {
    const { state, error } = this.status;
    const isHopeless = this.#pushError !== undefined || state === 'stopped';
    if (isHopeless && error !== undefined) this.#config.outbox.receipts.rejectAll(error);
    this.#live?.lane.wake();
  }

  /** Says Bye, and resolves when nothing of this link runs any more. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#retry.wake();
    await this.#connection?.leave();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#closing.signal.aborted) {
      this.#show({ state: 'connecting' });
      const end = await this.#attempt();
      if (!this.#closing.signal.aborted) await this.#rest(end);
    }
    this.#rejectWaiting(closedError());
    this.#show({ state: 'stopped' });
  }

  #rejectWaiting(error: SyncError): void {
    for (const waiting of this.#waiting.splice(0)) waiting.reject(error);
  }

  /** One connection from its beginning to its end; resolves with why it ended. */
  async #attempt(): Promise<LinkEnd> {
    this.#goAway = undefined;
    const { address } = this.relay;
    let wasLive = false;
    try {
      const dialled = await dial(this.#config, this.relay, this, this.#closing.signal);
      this.#connection = dialled.connection;
      this.#closing.signal.throwIfAborted();
      const session = await this.#enter(dialled);
      wasLive = true;
      await this.#serve(session);
      throw new TypeError('a session ends with an error');
    } catch (error) {
      if (this.#connection !== undefined) abort(this.#connection, error);
      const end = linkEnd(error, address, this.#goAway);
      // Who came after a session had ended waits for the next one.
      if (!wasLive) this.#rejectWaiting(end.error);
      return end;
    } finally {
      this.#connection = undefined;
      this.#live = undefined;
    }
  }

  /** Says Hello, with the own record until the relay is known to have it. SE-11, SE-12, CL-33. */
  async #enter({ connection, channel, key, changes }: Dialled): Promise<LiveSession> {
    const { membership, intake, store, trust, accessToken } = this.#config;
    const { address } = this.relay;
    await store.commit(changes);
    const { groupId, deviceKey, device, genesisKey: authKey } = membership;
    const wasEnrolled = intake.progress(key).enrolled;
    const enrolment = wasEnrolled ? undefined : { record: membership.ownRecord(), authKey };
    const sign = (message: Uint8Array) => device.sign(message);
    const hello = connection.hello({ groupId, deviceKey, sign, enrolment, accessToken });
    const { helloAck, limits } = await hello.catch(async (error: unknown) => {
      // The relay may have lost the record: the next attempt brings it again.
      if (!wasEnrolled || endingError(error) !== 'UNAUTHORIZED') throw error;
      await intake.setEnrolled(key, false);
      this.#retryAtOnce = true;
      throw error;
    });
    const signingKey = trust.learnSigningKey(address, helloAck.signingKey.slice());
    if (signingKey === 'changed') throw new ProtocolViolation('RELAY_IDENTITY_CHANGED');
    await store.commit(signingKey);
    if (!wasEnrolled) await intake.setEnrolled(key, true);
    return { connection, channel, source: { key, address }, limits, helloAck };
  }

  /** Uses a session until it ends; always rejects, with what ended it. */
  async #serve(session: LiveSession): Promise<void> {
    const { clock } = this.#config;
    const { connection } = session;
    const puller = new Puller(this.#config, session);
    const lane = new PushLane(this.#config, session);
    const failure = Promise.withResolvers<never>();
    const since = clock.now();
    const failed = (error: unknown) => {
      abort(connection, error);
      failure.reject(error);
    };
    this.#live = { session, puller, lane, failed };
    this.#show({ state: 'connected' });
    for (const waiting of this.#waiting.splice(0)) waiting.resolve(this.#live);
    if (this.#wantsDeliveries) puller.subscribe(failed);
    const pushing = this.#pushSide(session, puller, lane).catch(failed);
    try {
      const ended = connection.ended.then((end) => Promise.reject(new SessionEnded(end)));
      await Promise.race([failure.promise, ended]);
    } finally {
      this.#live = undefined;
      lane.end();
      await pushing;
      this.#backoff.sessionEnded(clock.now() - since);
    }
  }

  /** Nothing is pushed before the own chain is known to be the relay's. CL-21, CL-26. */
  async #pushSide(session: LiveSession, puller: Puller, lane: PushLane): Promise<void> {
    const { intake } = this.#config;
    this.#pushError = undefined;
    // A relay that went back: an own push could fill its log up to the cursor again, and hide what came in between. CL-06.
    if (Number(session.helloAck.head) < intake.progress(session.source.key).cursor) await puller.pull();
    if (!(await ownHeadIsKnown(this.#config, session.helloAck))) {
      await puller.pull();
      if (!(await ownHeadIsKnown(this.#config, session.helloAck))) return this.#stopPushing('CHAIN_BROKEN');
    }
    await lane.run();
    if (intake.ownChainForked) this.#stopPushing('SEQUENCE_CONFLICT');
  }

  #stopPushing(error: 'CHAIN_BROKEN' | 'SEQUENCE_CONFLICT'): void {
    this.#pushError = explain(error, this.relay.address);
    this.#config.outbox.receipts.rejectAll(this.#pushError);
    this.#config.statusChanged();
  }

  async #rest({ error, next, afterMs }: LinkEnd): Promise<void> {
    const { clock, outbox } = this.#config;
    if (this.#retryAtOnce || this.#waiting.length > 0) {
      this.#retryAtOnce = false;
      return;
    }
    this.#retry = new Wakeup();
    if (next === 'stop') {
      this.#show({ state: 'stopped', error });
      outbox.receipts.rejectAll(error);
      return await this.#retry.wait();
    }
    const delay = Math.max(this.#backoff.next(), afterMs);
    this.#show({ state: 'waiting', error, retryAtMs: clock.now() + delay });
    const cancel = clock.after(delay, () => this.#retry.wake());
    await this.#retry.wait();
    cancel();
  }

  #show(status: LinkStatus): void {
    this.#status = status;
    this.#config.statusChanged();
  }

  /** Called by the connection. */
  delivery(segment: LogSegment): void {
    const live = this.#live;
    live?.puller.deliver(segment).catch(live.failed);
  }

  /** Called by the connection: the relay finishes what it has begun and closes. SE-21. */
  goAway(goAway: GoAway): void {
    this.#goAway = goAway;
    void this.#connection?.bye();
  }
}

/** Closes a connection with the number of what this end found wrong. SE-07. */
function abort(connection: ProtocolConnection, error: unknown): void {
  const name = error instanceof SessionEnded ? undefined : endingError(error);
  connection.abort(name === undefined ? 0 : errors[name].number);
}

function offline(relay: string): SyncError {
  return new SyncError('unreachable', 'This session was opened offline.', {
    hint: 'Open it without the option offline.',
    relay,
  });
}
