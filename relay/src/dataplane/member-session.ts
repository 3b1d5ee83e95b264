import type { RelaySession, VerifiedHello } from '@0k-sync/core/session';
import { errorOf, type FrameBody, type Refusal } from '@0k-sync/core/wire';
import { type ErrorName, errors } from '@0k-sync/generated/errors';
import { PAGE_ITEMS_MAX, SAFE_INTEGER_MAX } from '@0k-sync/generated/limits';
import type { Envelope } from '@0k-sync/generated/wire/envelope';
import { type LogSegment, type Pull, type Push, PushStatus, type Subscribe } from '@0k-sync/generated/wire/frame';
import type { MailboxCancel, MailboxPut } from '@0k-sync/generated/wire/pairing';
import { MailboxState } from '@0k-sync/generated/wire/pairing';
import {
  type Admission,
  type Completion,
  isRefused,
  type Operation,
  type OperationOwner,
  type PushResult,
  StorageError,
  type Stretch,
} from '../store/port.ts';
import { checkItems } from './push-items.ts';
import type { GroupListener } from './registry.ts';
import type { Services } from './services.ts';
import { Subscription, segmentOf } from './subscription.ts';

const RETRY_AFTER_MS = 1000;

/** What a session needs of the connection that carries it. */
export interface Carrier {
  readonly services: Services;
  readonly engine: RelaySession;
  /** See `addressKey`. */
  readonly address: string;
  /** Carries out, at the end of this turn, what the engine has to send. */
  schedule(): void;
}

/** A member's requests, in the order sent: reads wait for the writes before them. SE-06. */
export class MemberSession implements OperationOwner, GroupListener {
  readonly #carrier: Carrier;
  readonly #admission: Admission;
  readonly #hello: VerifiedHello;
  /** Operations that the store has not settled yet. */
  #writing = 0;
  readonly #waiting: { readonly requestId: number; readonly body: FrameBody }[] = [];
  /** Pushes under way: when they came, and why the item after those submitted is refused. */
  readonly #pushes = new Map<number, { readonly since: number; readonly refusal: ErrorName | undefined }>();
  #subscription: Subscription | undefined;
  /** Highest cursor delivered to this session. RL-48. */
  #delivered = 0;

  constructor(carrier: Carrier, admission: Admission, hello: VerifiedHello) {
    this.#carrier = carrier;
    this.#admission = admission;
    this.#hello = hello;
    carrier.services.registry.add(admission.group, this);
    carrier.services.observer.sessionOpened();
  }

  /** Ends this session and no other. SE-23. */
  close(): void {
    const { registry, store, observer } = this.#carrier.services;
    registry.remove(this.#admission.group, this);
    store.submit({ kind: 'end-session', session: this.#admission.session }, NOBODY);
    observer.sessionClosed();
  }

  receive(requestId: number, body: FrameBody): void {
    if (this.#waiting.length > 0 || (this.#writing > 0 && isRead(body))) this.#waiting.push({ requestId, body });
    else this.#handle(requestId, body);
  }

  appended(envelopes: readonly Envelope[]): void {
    if (this.#subscription === undefined) return;
    this.#attempt(this.#carrier.engine.subscription, () => this.#subscription?.appended(envelopes));
    this.#carrier.schedule();
  }

  completed(completion: Completion): void {
    this.#writing -= 1;
    this.#settle(completion);
    this.#resume();
    this.#carrier.schedule();
  }

  /** Nothing of it was stored. RL-66. */
  failed(operation: Operation): void {
    this.#writing -= 1;
    const requestId = 'requestId' in operation ? operation.requestId : 0;
    this.#pushes.delete(requestId);
    if (requestId !== 0) this.#refuse(requestId, { code: 'STORAGE_UNAVAILABLE', retryAfterMs: RETRY_AFTER_MS });
    this.#resume();
    this.#carrier.schedule();
  }

  #resume(): void {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      if (this.#writing > 0 && isRead(next.body)) return;
      this.#waiting.shift();
      this.#handle(next.requestId, next.body);
    }
  }

  #handle(requestId: number, body: FrameBody): void {
    const { admission, clock } = this.#carrier.services;
    const { group, device } = this.#admission;
    const cost = body.$case === 'push' ? body.value.items.length : 1;
    if (requestId !== 0 && !admission.mayOperate(this.#carrier.address, group, device, cost, clock.monotonic())) {
      this.#refuse(requestId, { code: 'RATE_LIMITED', retryAfterMs: RETRY_AFTER_MS });
      return;
    }
    switch (body.$case) {
      case 'push':
        this.#push(requestId, body.value);
        return;
      case 'pull':
        this.#attempt(requestId, () => this.#pull(requestId, body.value));
        return;
      case 'subscribe':
        this.#attempt(requestId, () => this.#subscribe(requestId, body.value));
        return;
      case 'credit':
        this.#attempt(this.#carrier.engine.subscription, () => this.#subscription?.addCredit(body.value.bytes));
        return;
      case 'ack':
        this.#acknowledge(body.value.cursor);
        return;
      case 'listDevices':
        this.#attempt(requestId, () => this.#listDevices(requestId));
        return;
      case 'mailboxPut':
        this.#putMailbox(requestId, body.value);
        return;
      case 'mailboxCancel':
        this.#cancelMailbox(requestId, body.value);
        return;
    }
  }

  #submit(operation: Operation): void {
    this.#writing += 1;
    this.#carrier.services.store.submit(operation, this);
  }

  #push(requestId: number, push: Push): void {
    const { crypto, clock, config } = this.#carrier.services;
    if (push.items.length === 0) {
      this.#refuse(requestId, { code: 'INVALID_MESSAGE' });
      return;
    }
    if (push.items.length > config.limits.push_items_max) {
      this.#refuse(requestId, { code: 'RESOURCES_EXCEEDED' });
      return;
    }
    const { items, refusal } = checkItems(crypto, push, this.#hello.groupId, this.#hello.deviceKey);
    this.#pushes.set(requestId, { since: clock.monotonic(), refusal });
    if (items.length === 0) {
      this.#answerPush(requestId, []);
      return;
    }
    const { group, device } = this.#admission;
    this.#submit({ kind: 'push', requestId, group, device, items });
  }

  /** RL-20, RL-21: what was stored, then the one refusal, if any. */
  #answerPush(requestId: number, stored: readonly PushResult[]): void {
    const { engine, services } = this.#carrier;
    const begun = this.#pushes.get(requestId);
    this.#pushes.delete(requestId);
    const results = stored.map(({ status, cursor, refusal }) => {
      if (refusal !== undefined) services.observer.refused(refusal.code);
      return { status, cursor: BigInt(cursor), error: refusal === undefined ? undefined : errorOf(refusal) };
    });
    const isRefused = results.some(({ error }) => error !== undefined);
    if (begun?.refusal !== undefined && !isRefused) {
      services.observer.refused(begun.refusal);
      const error = errorOf({ code: begun.refusal });
      results.push({ status: PushStatus.PUSH_STATUS_REFUSED, cursor: 0n, error });
    }
    services.observer.acknowledged(services.clock.monotonic() - (begun?.since ?? 0), stored.length);
    engine.answer(requestId, { $case: 'pushAck', value: { results, durable: true } });
  }

  #read(after: number, bytesMax: number): Stretch {
    const { store, expiredUntil } = this.#carrier.services;
    const expiredUntilMs = expiredUntil();
    return store.readStretch({
      group: this.#admission.group,
      after,
      bytesMax,
      itemsMax: PAGE_ITEMS_MAX,
      expiredUntilMs,
    });
  }

  /** RL-42: whether the log is still the one the client has read. */
  #continues({ after, hashAtAfter }: Pull | Subscribe): boolean {
    return this.#carrier.services.store.continues(this.#admission.group, Number(after), hashAtAfter);
  }

  #pull(requestId: number, pull: Pull): void {
    if (!this.#continues(pull)) {
      this.#refuse(requestId, { code: 'ROLLED_BACK' });
      return;
    }
    const bytesMax = Math.min(pull.bytesMax, this.#carrier.services.config.limits.page_bytes_max);
    const stretch = this.#read(Number(pull.after), bytesMax);
    this.#noteDelivery(stretch.next, stretch.envelopes.length);
    const hasMore = stretch.next < stretch.head;
    this.#carrier.engine.answer(requestId, { $case: 'page', value: { segment: segmentOf(stretch), hasMore } });
  }

  #subscribe(requestId: number, subscribe: Subscribe): void {
    if (!this.#continues(subscribe)) {
      this.#refuse(requestId, { code: 'ROLLED_BACK' });
      return;
    }
    const { credit_bytes_max, page_bytes_max } = this.#carrier.services.config.limits;
    this.#subscription = new Subscription({
      after: Number(subscribe.after),
      creditBytes: Math.min(subscribe.creditBytes, credit_bytes_max),
      pageBytesMax: page_bytes_max,
      read: (after, bytesMax) => this.#read(after, bytesMax),
      deliver: (segment) => this.#deliver(segment),
    });
    this.#subscription.start();
  }

  #deliver(segment: LogSegment): void {
    this.#noteDelivery(Number(segment.next), segment.envelopes.length);
    this.#carrier.engine.deliver({ segment });
    this.#carrier.schedule();
  }

  #noteDelivery(cursor: number, items: number): void {
    this.#delivered = Math.max(this.#delivered, cursor);
    this.#carrier.services.observer.delivered(items);
  }

  #acknowledge(cursor: bigint): void {
    const { device } = this.#admission;
    const clamped = cursor > BigInt(SAFE_INTEGER_MAX) ? SAFE_INTEGER_MAX : Number(cursor);
    this.#submit({ kind: 'acknowledge', device, cursor: clamped, delivered: this.#delivered });
  }

  #listDevices(requestId: number): void {
    const { version, records } = this.#carrier.services.store.listDevices(this.#admission.group);
    const value = { version: BigInt(version), records: [...records] };
    this.#carrier.engine.answer(requestId, { $case: 'deviceList', value });
  }

  #putMailbox(requestId: number, { mailboxId, payload, expiresInMs }: MailboxPut): void {
    const { group } = this.#admission;
    const longest = this.#carrier.services.config.groups.invite_lifetime_ms_max;
    if (payload.length === 0 || expiresInMs === 0n) {
      this.#refuse(requestId, { code: 'INVALID_MESSAGE' });
      return;
    }
    const lifetime = Math.min(Number(expiresInMs), longest);
    this.#submit({ kind: 'mailbox-put', requestId, group, mailboxId, payload, expiresInMs: lifetime });
  }

  #cancelMailbox(requestId: number, { mailboxId }: MailboxCancel): void {
    this.#submit({ kind: 'mailbox-cancel', requestId, group: this.#admission.group, mailboxId });
  }

  #settle({ kind, operation, outcome }: Completion): void {
    switch (kind) {
      case 'push':
        this.#answerPush(operation.requestId, outcome);
        return;
      case 'acknowledge':
        outcome === undefined ? undefined : this.#refuse(0, { code: outcome.refused });
        return;
      case 'mailbox-put':
        if (isRefused(outcome)) {
          this.#refuse(operation.requestId, { code: outcome.refused });
          return;
        }
        this.#answerMailbox(operation.requestId, MailboxState.MAILBOX_STATE_OPEN, outcome.expiresAtMs);
        return;
      case 'mailbox-cancel':
        if (isRefused(outcome)) {
          this.#refuse(operation.requestId, { code: outcome.refused });
          return;
        }
        this.#answerMailbox(operation.requestId, MailboxState.MAILBOX_STATE_CLOSED, 0);
        return;
    }
  }

  #answerMailbox(requestId: number, state: MailboxState, expiresAtMs: number): void {
    const value = { state, payload: new Uint8Array(0), expiresAtMs: BigInt(expiresAtMs) };
    this.#carrier.engine.answer(requestId, { $case: 'mailboxItem', value });
  }

  /** Runs what reads the store; when storage fails the request is refused. RL-66. */
  #attempt(requestId: number, act: () => void): void {
    try {
      act();
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      this.#subscription = undefined;
      this.#refuse(requestId, { code: 'STORAGE_UNAVAILABLE', retryAfterMs: RETRY_AFTER_MS });
    }
  }

  #refuse(requestId: number, refusal: Refusal): void {
    this.#carrier.services.observer.refused(refusal.code);
    this.#carrier.engine.refuse(requestId, refusal);
    if (errors[refusal.code].stream === 'close') this.#waiting.length = 0;
  }
}

/** For operations whose end nobody waits for. */
export const NOBODY: OperationOwner = { completed: () => {}, failed: () => {} };

function isRead({ $case }: FrameBody): boolean {
  return $case === 'pull' || $case === 'subscribe' || $case === 'listDevices';
}
