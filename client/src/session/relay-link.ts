import { errors } from '@0k-sync/generated/errors';
import type { GoAway, LogSegment } from '@0k-sync/generated/wire/frame';
import { abortable } from '../async/abortable.ts';
import { Backoff } from '../async/backoff.ts';
import { Wakeup } from '../async/wakeup.ts';
import { closedError } from '../error.ts';
import { hasDue } from '../outbound/due.ts';
import { type DialDeps, dial } from '../relay/dial.ts';
import { SessionEnded } from '../relay/errors.ts';
import { explainError } from '../relay/explain-error.ts';
import { explainEnd, type LinkEnd } from '../relay/link-end.ts';
import type { MemberSession } from '../relay/member-session.ts';
import type { ProtocolSession } from '../relay/protocol-session.ts';
import type { RelayAddress } from '../relay/relay-address.ts';
import { type EnterGroupDeps, enterGroup } from './enter-group.ts';
import { abortWith, Exchange, type ExchangeDeps, type PushStop } from './exchange.ts';
import { IdleWatch } from './idle-watch.ts';
import { type LinkStatus, offlineError } from './link-status.ts';
import { Waiters } from './waiters.ts';

/** Collaborators of RelayLink. */
export interface RelayLinkDeps extends DialDeps, EnterGroupDeps, ExchangeDeps {
  /** `kept`: a session from the start to the end. `lazy`: a session while something needs one. */
  readonly links: 'kept' | 'lazy';
  /** True while somebody reads the group live. */
  readonly isListening: () => boolean;
  readonly statusChanged: () => void;
}

/**
 * Keeps a session with one relay, always or while something needs it: dials, enters the group, exchanges, and dials again
 * after the session has ended.
 */
export class RelayLink {
  readonly relay: RelayAddress;
  readonly #deps: RelayLinkDeps;
  readonly #backoff: Backoff;
  readonly #closing = new AbortController();
  #status: LinkStatus = { state: 'idle' };
  #running: Promise<void> | undefined;
  #retry = new Wakeup();
  /** Ends the rest of a link that nothing needs. */
  readonly #demand = new Wakeup();
  readonly #idle: IdleWatch;
  readonly #waiters = new Waiters();
  #attempts = 0;
  /** Ends the present attempt or session. */
  #cut = new AbortController();
  #protocol: ProtocolSession | undefined;
  #exchange: Exchange | undefined;
  #goAway: GoAway | undefined;
  /** The present session was closed because nothing needed it. */
  #hasLeft = false;
  /** The last HelloAck's retention, and the error that forbids pushing. */
  #lasting: Pick<LinkStatus, 'retention' | 'error'> = {};

  constructor(deps: RelayLinkDeps, relay: RelayAddress) {
    this.#deps = deps;
    this.relay = relay;
    this.#backoff = new Backoff(deps.random);
    const isNeeded = () => this.#isNeeded || this.#protocol?.isBusy === true;
    this.#idle = new IdleWatch({ clock: deps.clock, isNeeded, leave: () => this.#leave() });
  }

  get status(): LinkStatus {
    return { ...this.#status, ...this.#lasting };
  }

  start(): void {
    this.#running = this.#run();
  }

  /**
   * Resolves with a session that the relay has let this device into. Retries at once if the link is waiting or stopped.
   * Rejects with the SyncError that explains why no session could be opened, or with the reason of `signal`.
   */
  async connect(signal?: AbortSignal): Promise<MemberSession> {
    return (await this.session(signal)).session;
  }

  /** Resolves as `connect` does, with what the session exchanges. */
  async session(signal?: AbortSignal): Promise<Exchange> {
    // No verdict is older than the link: its first attempt answers everybody who comes meanwhile.
    return this.#liveExchange ?? (await this.#nextSession(this.#attempts > 1 ? this.#attempts : 0, signal));
  }

  /**
   * Resolves with a session as soon as there is one, whatever attempts fail before; a stopped link makes one at once.
   * Rejects when the relay refuses this device for good, and with the reason of `signal`.
   */
  async nextSession(signal?: AbortSignal): Promise<Exchange> {
    if (this.#status.state === 'stopped') this.#retry.wake(); // CL-66
    return this.#liveExchange ?? (await this.#nextSession(Number.POSITIVE_INFINITY, signal));
  }

  /**
   * Leaves the present session or attempt without waiting for anything, and resolves as `connect` does. CL-39.
   */
  async reconnect(signal?: AbortSignal): Promise<MemberSession> {
    this.#backoff.reset();
    this.#deps.intake.forgetRollBacks();
    const next = this.#nextSession(this.#attempts, signal);
    this.#cut.abort(new SessionEnded({ errorName: undefined, remote: undefined, isSilent: false }));
    return (await next).session;
  }

  /** Ends a wait, because something has changed that the next attempt may go by. */
  retry(): void {
    this.#retry.wake();
  }

  /** Tells that somebody reads live from now on. */
  subscribe(): void {
    this.#demand.wake();
    this.#exchange?.subscribe();
  }

  /** Tells that the outbox has something new. */
  wake(): void {
    const { state, error } = this.status;
    const isHopeless = this.#lasting.error !== undefined || state === 'stopped';
    if (isHopeless && error !== undefined) this.#deps.outbox.receipts.rejectAll(error);
    this.#demand.wake();
    this.#exchange?.wake();
  }

  /** Says Bye, and resolves when nothing of this link runs any more. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#retry.wake();
    this.#demand.wake();
    await this.#protocol?.leave();
    await this.#running;
  }

  /** Called by the protocol session. */
  delivery(segment: LogSegment): void {
    const exchange = this.#exchange;
    exchange?.puller.deliver(segment).catch(exchange.fail);
  }

  /** Called by the protocol session: the relay finishes the requests it has begun, and closes. SE-21. */
  goAway(goAway: GoAway): void {
    this.#goAway = goAway;
    void this.#protocol?.bye();
  }

  /** The present session, if requests can be made in it. */
  get #liveExchange(): Exchange | undefined {
    this.#idle.noteUse();
    return this.#exchange?.isLive ? this.#exchange : undefined;
  }

  /** True while something needs a session: a reader, a message that is due, or a caller. */
  get #isNeeded(): boolean {
    const { links, isListening, outbox } = this.#deps;
    const isPushing = hasDue(outbox) && this.#lasting.error === undefined;
    return links === 'kept' || isListening() || isPushing || !this.#waiters.isEmpty;
  }

  /** Resolves with the next session. Rejects with what ended an attempt after the first `begun`. CL-66. */
  #nextSession(begun: number, signal: AbortSignal | undefined): Promise<Exchange> {
    if (this.#closing.signal.aborted) return Promise.reject(closedError());
    if (this.#running === undefined) return Promise.reject(offlineError(this.relay.address));
    const next = this.#waiters.add(begun, signal);
    if (Number.isFinite(begun)) this.#retry.wake();
    this.#demand.wake();
    return next;
  }

  async #run(): Promise<void> {
    let end: LinkEnd | undefined;
    while (!this.#closing.signal.aborted) {
      if (!this.#isNeeded) await this.#awaitDemand();
      else end = await this.#attemptAndRest(end);
    }
    this.#waiters.rejectAll(closedError());
    this.#show({ state: 'stopped' });
  }

  async #awaitDemand(): Promise<void> {
    this.#show({ state: 'idle' });
    await this.#demand.wait();
  }

  async #attemptAndRest(before: LinkEnd | undefined): Promise<LinkEnd> {
    // The status says why a dead link is dialled again at once. SE-26
    const why =
      before?.next === 'again' && before.error.errorName === 'DEADLINE_EXCEEDED' ? { error: before.error } : {};
    this.#show({ state: 'connecting', ...why });
    const end = await this.#attempt();
    if (!this.#closing.signal.aborted && !this.#hasLeft) await this.#rest(end);
    return end;
  }

  /** Says Bye, because nothing needs the session. */
  #leave(): void {
    this.#hasLeft = true;
    void this.#protocol?.leave();
  }

  /** Runs one session from dialling to its end; resolves with the reason of the end. */
  async #attempt(): Promise<LinkEnd> {
    this.#goAway = undefined;
    this.#hasLeft = false;
    this.#attempts += 1;
    this.#cut = new AbortController();
    let isAuthenticated = false;
    let enteredAt: number | undefined;
    try {
      const signal = AbortSignal.any([this.#closing.signal, this.#cut.signal]);
      const dialled = await dial(this.#deps, this.relay, this, signal);
      this.#protocol = dialled.protocol;
      isAuthenticated = dialled.isKnown;
      this.#closing.signal.throwIfAborted();
      const session = await this.#unlessCut(enterGroup(this.#deps, dialled));
      enteredAt = this.#deps.clock.monotonic();
      return await this.#exchangeUntilEnd(session);
    } catch (error) {
      if (this.#protocol !== undefined) abortWith(this.#protocol, error);
      const hasEntered = enteredAt !== undefined;
      const ended = { relay: this.relay.address, isAuthenticated, hasEntered, goAway: this.#goAway };
      const end = explainEnd(error, ended);
      if (enteredAt !== undefined) this.#noteSession(end, this.#deps.clock.monotonic() - enteredAt);
      // Callers who began to wait after the session had ended wait for the next one, as do all for the Hello with Enrolment.
      else if (end.next !== 'again') this.#waiters.rejectBefore(this.#attempts, end.error);
      return end;
    } finally {
      this.#protocol = undefined;
    }
  }

  /** Settles as the work, or rejects when the attempt is cut. */
  async #unlessCut<Value>(work: Promise<Value>): Promise<Value> {
    return await abortable(work, this.#cut.signal);
  }

  /** A session that the relay held up, or in which it broke the rules, was not stable however long it lasted. CL-36. */
  #noteSession({ error, next, failure }: LinkEnd, lastedMs: number): void {
    const isHeldUp = next !== 'again' && error.errorName === 'DEADLINE_EXCEEDED';
    if (!isHeldUp && failure === undefined) this.#backoff.noteSession(lastedMs);
  }

  /** Always rejects, with what ended the session. */
  async #exchangeUntilEnd(session: MemberSession): Promise<never> {
    this.#lasting = { retention: session.retention };
    const exchange = new Exchange(this.#deps, session);
    this.#exchange = exchange;
    this.#show({ state: 'connected' });
    this.#waiters.resolveAll(exchange);
    if (this.#deps.isListening()) exchange.subscribe();
    if (this.#deps.links === 'lazy') this.#idle.start();
    exchange.startPushing((error) => this.#stopPushing(error));
    try {
      return await this.#unlessCut(exchange.ended);
    } finally {
      this.#exchange = undefined;
      this.#idle.stop();
      this.#protocol?.abort(0);
      await exchange.stop();
    }
  }

  #stopPushing(error: PushStop): void {
    const refusal = explainError(error, this.relay.address);
    this.#lasting = { ...this.#lasting, error: refusal };
    this.#deps.outbox.receipts.rejectAll(refusal);
    this.#deps.statusChanged();
  }

  /** Waits until the next attempt is due. CL-36, CL-37, ER-05. */
  async #rest({ error, next, afterMs, failure }: LinkEnd): Promise<void> {
    const { clock, outbox, intake } = this.#deps;
    if (next === 'again') return;
    this.#backoff.noteEnd(failure);
    intake.expiryWatch.missed(this.relay.address);
    const delay = next === 'stop' ? afterMs : afterMs + this.#backoff.nextDelay();
    if (this.#waiters.areUrgent || (next === 'wait' && !this.#isNeeded)) return;
    this.#retry = new Wakeup();
    const isDue = Number.isFinite(delay);
    const state = next === 'stop' ? 'stopped' : 'waiting';
    this.#show({ state, error, ...(isDue && { retryAtMs: clock.now() + delay }) });
    if (state === 'stopped') this.#waiters.rejectAll(error);
    // An attempt that could succeed at any time keeps the app waiting; one that nobody expects to tells it why.
    if (state === 'stopped' || (failure !== undefined && errors[failure].retry === 'no'))
      outbox.receipts.rejectAll(error);
    const cancel = isDue ? clock.after(delay, () => this.#retry.wake()) : () => {};
    await this.#retry.wait();
    cancel();
  }

  #show(status: LinkStatus): void {
    this.#status = status;
    this.#deps.statusChanged();
  }
}
