import type { MemberRequest, VerifiedHello } from '@0k-sync/core/session';
import type { Refusal } from '@0k-sync/core/wire';
import {
  type CompletionOf,
  type DeviceRow,
  type GroupRow,
  type OpenedSession,
  type OperationOwner,
  StorageError,
} from '../../store/port.ts';
import type { Carrier } from '../shared/carrier.ts';
import type { EndableSession } from '../shared/device-sessions.ts';
import { MEMBER_RETRY_AFTER_MS } from '../shared/retry-times.ts';
import type { Lane } from '../turns/fair-turns.ts';
import { Acknowledgements } from './acknowledgements.ts';
import { LogRequests } from './log-requests.ts';
import type { MemberOperation } from './member-deps.ts';
import { handlerOf, type MemberRooms, settle } from './member-handlers.ts';
import { PushRequests } from './push-requests.ts';

const STORAGE_FAILED: Refusal = { error: 'STORAGE_UNAVAILABLE', retryAfterMs: MEMBER_RETRY_AFTER_MS };
const TOO_FAST: Refusal = { error: 'RATE_LIMITED', retryAfterMs: MEMBER_RETRY_AFTER_MS };

interface WaitingRequest {
  readonly requestId: number;
  readonly body: MemberRequest;
}

/**
 * A member's session from HelloAck on. Its requests run in the order sent: reads wait for the writes before them.
 * SE-06.
 */
export class MemberSession implements MemberRooms, OperationOwner, EndableSession {
  readonly carrier: Carrier;
  readonly group: GroupRow;
  readonly device: DeviceRow;
  readonly log: LogRequests;
  readonly pushes: PushRequests;
  readonly acknowledgements: Acknowledgements;
  /** The number of writes that the store has not settled. */
  #writing = 0;
  #waiting: WaitingRequest | undefined;

  constructor(carrier: Carrier, { group, device }: OpenedSession, hello: VerifiedHello) {
    this.carrier = carrier;
    this.group = group;
    this.device = device;
    this.log = new LogRequests(this);
    this.pushes = new PushRequests(this, hello);
    this.acknowledgements = new Acknowledgements(this, () => this.log.delivered);
    carrier.shared.observer.sessionOpened();
    carrier.shared.sessions.add(device, this);
  }

  get heardAt(): number {
    return this.carrier.engine.heardAt;
  }

  /** Ends this session for a newer one of its device. SE-23. */
  makeRoom(): void {
    this.refuse(0, { error: 'SESSIONS_EXCEEDED' });
    this.carrier.schedule();
  }

  /** Ends this session and no other. SE-23. */
  close(): void {
    const { sessions, observer } = this.carrier.shared;
    this.log.close();
    this.#waiting = undefined;
    sessions.remove(this.device, this);
    observer.sessionClosed();
  }

  /** The kind of turn that it waits for: `pages` when the next thing to do is a Page or Deliver. RL-73. */
  get lane(): Lane {
    const waiting = this.#waiting?.body;
    const isPaged = waiting === undefined ? this.log.hasBacklog : handlerOf(waiting).isPaged;
    return isPaged && !(waiting !== undefined && this.#mustWaitForWrites(waiting)) ? 'pages' : 'fresh';
  }

  /** True when a request waits: nothing after it may be received. */
  get isWaiting(): boolean {
    return this.#waiting !== undefined;
  }

  receive(requestId: number, body: MemberRequest): void {
    if (this.#mustWait(body)) this.#waiting = { requestId, body };
    else this.#handle(requestId, body);
  }

  /** Goes on with the request that waits, as soon as it may; called in a turn. */
  resume(): void {
    const waiting = this.#waiting;
    if (waiting === undefined || this.carrier.isCongested || this.#mustWait(waiting.body)) return;
    this.#waiting = undefined;
    this.#handle(waiting.requestId, waiting.body);
  }

  submit(operation: MemberOperation): void {
    if (operation.kind !== 'acknowledge') this.#writing += 1;
    this.carrier.shared.store.submit(operation, this);
  }

  completed(completion: CompletionOf<MemberOperation>): void {
    if (completion.kind !== 'acknowledge') this.#writing -= 1;
    settle(this, completion);
    this.#settled();
  }

  /** Refuses the request whose operation failed: nothing of it was stored. RL-66. */
  failed(operation: MemberOperation): void {
    if (operation.kind === 'acknowledge') this.acknowledgements.fail();
    else {
      this.#writing -= 1;
      this.pushes.forget(operation.requestId);
      this.refuse(operation.requestId, STORAGE_FAILED);
    }
    this.#settled();
  }

  refuse(requestId: number, refusal: Refusal): void {
    this.carrier.shared.observer.refused(refusal.error);
    this.carrier.engine.refuse(requestId, refusal);
  }

  #mustWait(body: MemberRequest): boolean {
    return this.#mustWaitForWrites(body) || (handlerOf(body).isPaged && !this.carrier.mayPage);
  }

  #mustWaitForWrites(body: MemberRequest): boolean {
    return this.#writing > 0 && handlerOf(body).isRead;
  }

  #settled(): void {
    if (this.#waiting !== undefined) this.carrier.wake();
    this.carrier.schedule();
  }

  #handle(requestId: number, body: MemberRequest): void {
    const handler = handlerOf(body);
    if (requestId !== 0 && !this.carrier.mayOperate(handler.operations(body.value))) {
      this.refuse(requestId, TOO_FAST);
      return;
    }
    try {
      handler.handle(this, requestId, body.value);
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      this.refuse(requestId, STORAGE_FAILED);
    }
  }
}
