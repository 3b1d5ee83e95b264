import type { VerifiedStub } from '@0k-sync/core/envelope';
import { errors } from '@0k-sync/generated/errors';
import type { Intake } from '../inbound/intake.ts';
import { Puller, type PullerDeps } from '../inbound/puller.ts';
import { compareOwnHead, type OwnHeadDeps, readOwnHead, takeOver } from '../outbound/own-head.ts';
import { PushLane, type PushLaneDeps } from '../outbound/push-lane.ts';
import { SessionEnded } from '../relay/errors.ts';
import { endingError } from '../relay/link-end.ts';
import type { MemberSession } from '../relay/member-session.ts';
import type { ProtocolSession } from '../relay/protocol-session.ts';

/** Collaborators of Exchange. */
export interface ExchangeDeps extends PullerDeps, PushLaneDeps, OwnHeadDeps {
  readonly intake: Intake;
}

/** The reason why nothing is pushed in this session, while reading goes on. CL-21, CL-26. */
export type PushStop = 'ENVELOPE_UNAUTHENTIC' | 'SEQUENCE_CONFLICT';

/** Pulls and pushes over one member session, from HelloAck to the session's end. */
export class Exchange {
  readonly session: MemberSession;
  readonly puller: Puller;
  readonly #deps: ExchangeDeps;
  readonly #lane: PushLane;
  readonly #failure = Promise.withResolvers<never>();
  #pushing: Promise<void> = Promise.resolve();
  #hasFailed = false;

  constructor(deps: ExchangeDeps, session: MemberSession) {
    this.#deps = deps;
    this.session = session;
    this.puller = new Puller(deps, session);
    this.#lane = new PushLane(deps, session);
    this.#failure.promise.catch(() => {});
  }

  /** Requests can be made: the session has not ended, and nothing has begun to end it. */
  get isLive(): boolean {
    return !this.#hasFailed && this.session.protocol.isReady;
  }

  /** Never resolves. Rejects with SessionEnded, or with what `fail` was given. */
  get ended(): Promise<never> {
    const ended = this.session.protocol.ended.then((end) => Promise.reject(new SessionEnded(end)));
    return Promise.race([this.#failure.promise, ended]);
  }

  /** Ends this session because of `error`; a session that has followed it goes on. */
  readonly fail = (error: unknown): void => {
    this.#hasFailed = true;
    abortWith(this.session.protocol, error);
    this.#failure.reject(error);
  };

  /** Reads live from now on. Calling it again does nothing. */
  subscribe(): void {
    this.puller.subscribe(this.fail);
  }

  /** Pushes from now on; `reportStop` is called when the relay's view of the own chain forbids it. */
  startPushing(reportStop: (error: PushStop) => void): void {
    this.#pushing = this.#push(reportStop).catch(this.fail);
  }

  /** Tells that the outbox has something new. */
  wake(): void {
    this.#lane.wake();
  }

  /** Stops pushing; resolves when nothing is under way any more. */
  async stop(): Promise<void> {
    this.#lane.end();
    await this.#pushing;
  }

  /** Pushes once this device's chain has reached its own head at the relay. CL-21, CL-26. */
  async #push(reportStop: (error: PushStop) => void): Promise<void> {
    const { intake } = this.#deps;
    const { helloAck, relay } = this.session;
    // On a relay that went back, an own push would fill its log up to the cursor again, and hide envelopes of others. CL-06.
    if (Number(helloAck.head) < intake.progressAt(relay.key).cursor) await this.puller.pull();
    const ownHead = readOwnHead(this.#deps, helloAck);
    if (ownHead === 'unauthentic') return reportStop('ENVELOPE_UNAUTHENTIC');
    if (ownHead !== 'none') await this.#follow(ownHead);
    await this.#lane.run(ownHead === 'none' ? 0 : ownHead.sequence);
    if (intake.ownChainForked) reportStop('SEQUENCE_CONFLICT');
  }

  /** Brings this device's chain to its own head at the relay, by what the relay still has, or by the stub. CL-21. */
  async #follow(ownHead: VerifiedStub): Promise<void> {
    const { intake } = this.#deps;
    const { relay } = this.session;
    if ((await compareOwnHead(this.#deps, ownHead)) === 'above') {
      await this.puller.pull();
      await intake.settled();
    }
    const place = await compareOwnHead(this.#deps, ownHead);
    if (place === 'forked') await intake.receiveOwnStub(relay, ownHead.stub);
    if (place === 'above' && !intake.ownChainForked) await takeOver(this.#deps, relay.address, ownHead);
  }
}

/** Closes a session's connection with the number of the error that this end found, 0 if it found none. SE-07. */
export function abortWith(protocol: ProtocolSession, error: unknown): void {
  const errorName = error instanceof SessionEnded ? undefined : endingError(error);
  protocol.abort(errorName === undefined ? 0 : errors[errorName].number);
}
