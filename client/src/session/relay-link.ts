import { errors } from '@0k-sync/generated/errors';
import type { GoAway, LogSegment } from '@0k-sync/generated/wire/frame';
import { abortable } from '../async/abortable.ts';
import { Backoff } from '../async/backoff.ts';
import { Wakeup } from '../async/wakeup.ts';
import { closedError, SyncError } from '../error.ts';
import type { LinkState } from '../events.ts';
import type { Puller } from '../inbound/puller.ts';
import { type DialDeps, dial } from '../relay/dial.ts';
import { RequestRefused, SessionEnded } from '../relay/errors.ts';
import { explainError } from '../relay/explain-error.ts';
import { explainEnd, explainFailure, type LinkEnd } from '../relay/link-end.ts';
import type { MemberSession } from '../relay/member-session.ts';
import type { ProtocolSession } from '../relay/protocol-session.ts';
import type { ProvenRelay } from '../relay/proven-relay.ts';
import type { RelayAddress } from '../relay/relay-address.ts';
import { type EnterGroupDeps, enterGroup } from './enter-group.ts';
import { abortWith, Exchange, type ExchangeDeps, type PushStop } from './exchange.ts';

/** Collaborators of RelayLink. */
export interface RelayLinkDeps extends DialDeps, EnterGroupDeps, ExchangeDeps {
  readonly statusChanged: () => void;
}

/** The state of a link, for RelayStatus. */
export interface LinkStatus {
  readonly state: LinkState;
  readonly error?: SyncError;
  /** Milliseconds since 1970; present in state `waiting`, and in state `stopped` when an attempt is due by itself. */
  readonly retryAtMs?: number;
}

/** A caller who waits for a session. */
interface Waiting extends PromiseWithResolvers<Exchange> {
  /** The number of attempts that had begun before the call: what ends one of those says nothing about a new one. */
  readonly begun: number;
}

/** Keeps a session with one relay: dials, enters the group, exchanges, and dials again after the session has ended. */
export class RelayLink {
  readonly relay: RelayAddress;
  readonly #deps: RelayLinkDeps;
  readonly #backoff: Backoff;
  readonly #closing = new AbortController();
  #status: LinkStatus = { state: 'idle' };
  #running: Promise<void> | undefined;
  #retry = new Wakeup();
  #waiting: Waiting[] = [];
  #attempts = 0;
  /** Ends the present attempt or session. */
  #cut = new AbortController();
  #protocol: ProtocolSession | undefined;
  #exchange: Exchange | undefined;
  #goAway: GoAway | undefined;
  #wantsDeliveries = false;
  #pushError: SyncError | undefined;

  constructor(deps: RelayLinkDeps, relay: RelayAddress) {
    this.#deps = deps;
    this.relay = relay;
    this.#backoff = new Backoff(deps.random);
  }

  get status(): LinkStatus {
    return this.#pushError === undefined ? this.#status : { ...this.#status, error: this.#pushError };
  }

  start(): void {
    this.#running = this.#run();
  }

  /**
   * Resolves with a session that the relay has let this device into. Retries at once if the link is waiting or stopped.
   * Rejects with the SyncError that explains why no session could be opened.
   */
  async connect(): Promise<MemberSession> {
    return (await this.#connected()).session;
  }

  /**
   * Leaves the present session or attempt without waiting for anything, and resolves as `connect` does. CL-39.
   */
  async reconnect(): Promise<MemberSession> {
    this.#backoff.reset();
    this.#deps.intake.forgetRollBacks();
    const next = this.#nextSession(this.#attempts);
    this.#cut.abort(new SessionEnded({ errorName: undefined, remote: undefined, isSilent: false }));
    return (await next).session;
  }

  /** Ends a wait, because something has changed that the next attempt may go by. */
  retry(): void {
    this.#retry.wake();
  }

  /** Reads everything that the relay has now. Rejects with SyncError. */
  pull(): Promise<ProvenRelay> {
    return this.#read((puller) => puller.pull());
  }

  /** Fetches the member records from the relay. Rejects with SyncError. CL-09. */
  listDevices(): Promise<ProvenRelay> {
    return this.#read((puller) => puller.listDevices());
  }

  /** Reads live from now on, in this session and in those that follow. */
  subscribe(): void {
    this.#wantsDeliveries = true;
    this.#exchange?.subscribe();
  }

  /** Tells that the outbox has something new. */
  wake(): void {
    const { state, error } = this.status;
    const isHopeless = this.#pushError !== undefined || state === 'stopped';
    if (isHopeless && error !== undefined) this.#deps.outbox.receipts.rejectAll(error);
    this.#exchange?.wake();
  }

  /** Says Bye, and resolves when nothing of this link runs any more. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#retry.wake();
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

  #connected(): Promise<Exchange> {
    if (this.#exchange?.isLive) return Promise.resolve(this.#exchange);
    // No verdict is older than the link: its first attempt answers everybody who comes meanwhile.
    return this.#nextSession(this.#attempts > 1 ? this.#attempts : 0);
  }

  /** Resolves with the next session. Rejects with what ended an attempt after the first `begun`. CL-66. */
  #nextSession(begun: number): Promise<Exchange> {
    if (this.#closing.signal.aborted) return Promise.reject(closedError());
    if (this.#running === undefined) return Promise.reject(offlineError(this.relay.address));
    const waiting = { ...Promise.withResolvers<Exchange>(), begun };
    this.#waiting.push(waiting);
    this.#retry.wake();
    return waiting.promise;
  }

  async #read(work: (puller: Puller) => Promise<void>): Promise<ProvenRelay> {
    const { puller, session, fail } = await this.#connected();
    try {
      await work(puller);
      return session.relay;
    } catch (error) {
      const goesOn = error instanceof RequestRefused; // SE-03
      if (!goesOn && !(error instanceof SessionEnded)) fail(error);
      throw explainFailure(error, this.relay.address);
    }
  }

  async #run(): Promise<void> {
    let end: LinkEnd | undefined;
    while (!this.#closing.signal.aborted) {
      // The status says why a dead link is dialled again at once. SE-26
      const why = end?.next === 'again' && end.error.errorName === 'DEADLINE_EXCEEDED' ? { error: end.error } : {};
      this.#show({ state: 'connecting', ...why });
      end = await this.#attempt();
      if (!this.#closing.signal.aborted) await this.#rest(end);
    }
    for (const waiting of this.#waiting.splice(0)) waiting.reject(closedError());
    this.#show({ state: 'stopped' });
  }

  /** Rejects the callers who came before the attempt that has failed; those who came during it wait for the next one. */
  #rejectWaiting(error: SyncError): void {
    const waiting = this.#waiting;
    this.#waiting = waiting.filter(({ begun }) => begun >= this.#attempts);
    for (const { begun, reject } of waiting) if (begun < this.#attempts) reject(error);
  }

  /** Runs one session from dialling to its end; resolves with the reason of the end. */
  async #attempt(): Promise<LinkEnd> {
    this.#goAway = undefined;
    this.#attempts += 1;
    this.#cut = new AbortController();
    let isAuthenticated = false;
    let enteredAt: number | undefined;
    try {
      const dialled = await dial(
        this.#deps,
        this.relay,
        this,
        AbortSignal.any([this.#closing.signal, this.#cut.signal]),
      );
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
      else if (end.next !== 'again') this.#rejectWaiting(end.error);
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
    this.#pushError = undefined;
    const exchange = new Exchange(this.#deps, session);
    this.#exchange = exchange;
    this.#show({ state: 'connected' });
    for (const waiting of this.#waiting.splice(0)) waiting.resolve(exchange);
    if (this.#wantsDeliveries) exchange.subscribe();
    exchange.startPushing((error) => this.#stopPushing(error));
    try {
      return await this.#unlessCut(exchange.ended);
    } finally {
      this.#exchange = undefined;
      this.#protocol?.abort(0);
      await exchange.stop();
    }
  }

  #stopPushing(error: PushStop): void {
    this.#pushError = explainError(error, this.relay.address);
    this.#deps.outbox.receipts.rejectAll(this.#pushError);
    this.#deps.statusChanged();
  }

  /** Waits until the next attempt is due. CL-36, CL-37, ER-05. */
  async #rest({ error, next, afterMs, failure }: LinkEnd): Promise<void> {
    const { clock, outbox } = this.#deps;
    if (next === 'again') return;
    this.#backoff.noteEnd(failure);
    const delay = next === 'stop' ? afterMs : afterMs + this.#backoff.nextDelay();
    if (this.#waiting.length > 0) return;
    this.#retry = new Wakeup();
    const isDue = Number.isFinite(delay);
    const state = next === 'stop' ? 'stopped' : 'waiting';
    this.#show({ state, error, ...(isDue && { retryAtMs: clock.now() + delay }) });
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

function offlineError(relay: string): SyncError {
  return new SyncError('unreachable', 'This session was opened offline.', {
    hint: 'Open it without the option offline.',
    relay,
  });
}
