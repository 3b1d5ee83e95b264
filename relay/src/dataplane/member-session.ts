import type { VerifiedHello } from '@0k-sync/core/session';
import type { FrameBody, Refusal } from '@0k-sync/core/wire';
import type { Push } from '@0k-sync/generated/wire/frame';
import { type MailboxPut, MailboxState } from '@0k-sync/generated/wire/pairing';
import {
  type Admission,
  type Completion,
  isRefused,
  type Operation,
  type OperationOwner,
  type Outcomes,
  StorageError,
} from '../store/port.ts';
import { type Carrier, RETRY_AFTER_MS } from './carrier.ts';
import { LogRequests } from './log-requests.ts';
import { bytesOf, PushRequests } from './push-requests.ts';

const STORAGE_FAILED: Refusal = { code: 'STORAGE_UNAVAILABLE', retryAfterMs: RETRY_AFTER_MS };
const NOTHING = new Uint8Array(0);

interface WaitingRequest {
  readonly requestId: number;
  readonly body: FrameBody;
  readonly bytes: number;
}

/** A member's requests, in the order sent: reads wait for the writes before them. SE-06. */
export class MemberSession implements OperationOwner {
  readonly #carrier: Carrier;
  readonly #admission: Admission;
  readonly #log: LogRequests;
  readonly #pushes: PushRequests;
  /** Operations whose effect a later read may have to see and that the store has not settled. */
  #writing = 0;
  readonly #waiting: WaitingRequest[] = [];
  #waitingBytes = 0;
  /** An Ack is on its way to the store; the highest one after it waits. RL-48. */
  #acknowledging = false;
  #nextAcknowledgement = 0;

  constructor(carrier: Carrier, admission: Admission, hello: VerifiedHello) {
    this.#carrier = carrier;
    this.#admission = admission;
    this.#log = new LogRequests(carrier, admission.group);
    this.#pushes = new PushRequests(carrier, hello);
    carrier.services.observer.sessionOpened();
  }

  /** Ends this session and no other. SE-23. */
  close(): void {
    const { sessionEnds, observer } = this.#carrier.services;
    this.#log.close();
    this.#waiting.length = 0;
    sessionEnds.end(this.#admission.session);
    observer.sessionClosed();
  }

  receive(requestId: number, body: FrameBody): void {
    if (this.#waiting.length > 0 || (this.#writing > 0 && isRead(body))) this.#hold(requestId, body);
    else this.#handle(requestId, body);
    // RL-63: what was received and not processed is bounded; a client that pushes faster than the disk is closed.
    if (this.#pushes.bytes + this.#waitingBytes > this.#carrier.services.config.limits.unread_bytes_max) {
      this.#refuse(requestId, { code: 'RESOURCES_EXCEEDED' });
    }
  }

  completed(completion: Completion): void {
    this.#settle(completion);
    this.#resume();
    this.#carrier.schedule();
  }

  /** Nothing of it was stored. RL-66. */
  failed(operation: Operation): void {
    if (operation.kind === 'acknowledge') this.#acknowledging = false;
    else this.#writing -= 1;
    const requestId = 'requestId' in operation ? operation.requestId : 0;
    this.#pushes.forget(requestId);
    if (requestId !== 0) this.#refuse(requestId, STORAGE_FAILED);
    this.#resume();
    this.#carrier.schedule();
  }

  #hold(requestId: number, body: FrameBody): void {
    const bytes =
      body.$case === 'push' ? bytesOf(body.value) : body.$case === 'mailboxPut' ? body.value.payload.length : 0;
    this.#waiting.push({ requestId, body, bytes });
    this.#waitingBytes += bytes;
  }

  #resume(): void {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      if (this.#writing > 0 && isRead(next.body)) return;
      this.#waiting.shift();
      this.#waitingBytes -= next.bytes;
      this.#handle(next.requestId, next.body);
    }
  }

  #handle(requestId: number, body: FrameBody): void {
    if (requestId !== 0 && !this.#isWithinRate(body)) {
      this.#refuse(requestId, { code: 'RATE_LIMITED', retryAfterMs: RETRY_AFTER_MS });
      return;
    }
    switch (body.$case) {
      case 'push':
        this.#push(requestId, body.value);
        return;
      case 'pull':
        this.#read(requestId, () => this.#log.pull(requestId, body.value));
        return;
      case 'subscribe':
        this.#read(requestId, () => this.#log.subscribe(body.value));
        return;
      case 'listDevices':
        this.#read(requestId, () => this.#listDevices(requestId));
        return;
      case 'credit':
        this.#log.credit(body.value.bytes);
        return;
      case 'ack':
        this.#acknowledge(Number(body.value.cursor));
        return;
      case 'mailboxPut':
        this.#putMailbox(requestId, body.value);
        return;
      case 'mailboxCancel':
        this.#submit({
          kind: 'mailbox-cancel',
          requestId,
          group: this.#admission.group,
          mailboxId: body.value.mailboxId,
        });
        return;
    }
  }

  #isWithinRate(body: FrameBody): boolean {
    const { admission, clock } = this.#carrier.services;
    const { group, device } = this.#admission;
    const cost = body.$case === 'push' ? body.value.items.length : 1;
    return admission.mayOperate(this.#carrier.address, group, device, cost, clock.monotonic());
  }

  #submit(operation: Operation): void {
    this.#writing += 1;
    this.#carrier.services.store.submit(operation, this);
  }

  /** RL-20. */
  #push(requestId: number, push: Push): void {
    const { group, device } = this.#admission;
    if (push.items.length === 0 || push.items.length > this.#carrier.services.config.limits.push_items_max) {
      this.#refuse(requestId, { code: 'RESOURCES_EXCEEDED' });
      return;
    }
    const items = this.#pushes.begin(requestId, push);
    if (items !== undefined) this.#submit({ kind: 'push', requestId, group, device, items });
  }

  /** Runs what reads the store; a failure of storage and another log are refusals. RL-42, RL-66. */
  #read(requestId: number, act: () => boolean): void {
    try {
      if (!act()) this.#refuse(requestId, { code: 'ROLLED_BACK' });
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      this.#refuse(requestId, STORAGE_FAILED);
    }
  }

  #listDevices(requestId: number): true {
    const { version, records } = this.#carrier.services.store.listDevices(this.#admission.group);
    const value = { version: BigInt(version), records: [...records] };
    this.#carrier.engine.answer(requestId, { $case: 'deviceList', value });
    return true;
  }

  #acknowledge(cursor: number): void {
    this.#nextAcknowledgement = Math.max(this.#nextAcknowledgement, cursor);
    if (this.#acknowledging || this.#nextAcknowledgement === 0) return;
    const { device } = this.#admission;
    const acknowledgement = this.#nextAcknowledgement;
    this.#nextAcknowledgement = 0;
    this.#acknowledging = true;
    const { delivered } = this.#log;
    this.#carrier.services.store.submit({ kind: 'acknowledge', device, cursor: acknowledgement, delivered }, this);
  }

  /** PA-13; the length of the payload is checked with the frame. */
  #putMailbox(requestId: number, { mailboxId, payload, expiresInMs }: MailboxPut): void {
    if (payload.length === 0 || expiresInMs === 0n) {
      this.#refuse(requestId, { code: 'INVALID_MESSAGE' });
      return;
    }
    const { group } = this.#admission;
    this.#submit({ kind: 'mailbox-put', requestId, group, mailboxId, payload, expiresInMs: Number(expiresInMs) });
  }

  #settle(completion: Completion): void {
    if (completion.kind === 'acknowledge') {
      this.#acknowledging = false;
      if (completion.outcome !== undefined) this.#refuse(0, { code: completion.outcome.refused });
      this.#acknowledge(0);
      return;
    }
    this.#writing -= 1;
    if (completion.kind === 'push') this.#pushes.answer(completion.operation.requestId, completion.outcome);
    else if (completion.kind === 'mailbox-put') this.#answerPut(completion.operation.requestId, completion.outcome);
    else if (completion.kind === 'mailbox-cancel') {
      this.#answerCancel(completion.operation.requestId, completion.outcome);
    }
  }

  #answerPut(requestId: number, outcome: Outcomes['mailbox-put']): void {
    if (isRefused(outcome)) this.#refuse(requestId, { code: outcome.refused });
    else this.#answerMailbox(requestId, MailboxState.MAILBOX_STATE_OPEN, outcome.expiresAtMs);
  }

  #answerCancel(requestId: number, outcome: Outcomes['mailbox-cancel']): void {
    if (isRefused(outcome)) this.#refuse(requestId, { code: outcome.refused });
    else this.#answerMailbox(requestId, MailboxState.MAILBOX_STATE_CLOSED, 0);
  }

  #answerMailbox(requestId: number, state: MailboxState, expiresAtMs: number): void {
    const value = { state, payload: NOTHING, expiresAtMs: BigInt(expiresAtMs) };
    this.#carrier.engine.answer(requestId, { $case: 'mailboxItem', value });
  }

  #refuse(requestId: number, refusal: Refusal): void {
    this.#carrier.services.observer.refused(refusal.code);
    this.#carrier.engine.refuse(requestId, refusal);
  }
}

function isRead({ $case }: FrameBody): boolean {
  return $case === 'pull' || $case === 'subscribe' || $case === 'listDevices';
}
