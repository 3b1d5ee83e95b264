import type { FrameBody } from '@0k-sync/core/wire';
import type { Frame } from '@0k-sync/generated/wire/frame';
import type { Case, Value } from '../wire/body.ts';
import { describe } from '../wire/describe.ts';
import { OtherAnswer } from './errors.ts';
import { Inbox } from './inbox.ts';

/** Waits for frames of the other end. */
export class FrameWaits {
  readonly inbox = new Inbox();
  /** Longest wait of every method that is given no deadline, ms; Infinity for none. */
  protected readonly patienceMs: number;

  constructor(patienceMs: number) {
    this.patienceMs = patienceMs;
  }

  /** The next frame that nobody took. Rejects with Ended or TimedOut. */
  next(deadlineMs = this.patienceMs): Promise<Frame> {
    return this.inbox.take(() => true, 'frame', deadlineMs);
  }

  /** The value of the next frame, which must be of that kind. Rejects as `next`, or with an Error that names both kinds. */
  async expectNext<K extends Case>($case: K, deadlineMs = this.patienceMs): Promise<Value<K>> {
    const body = bodyOf(await this.next(deadlineMs));
    if (body.$case !== $case) throw new OtherAnswer($case, describe(body));
    return body.value as Value<K>;
  }

  /** The number of the next frame, which must be an Error. Rejects as `expectNext`. */
  async expectError(deadlineMs = this.patienceMs): Promise<number> {
    return (await this.expectNext('error', deadlineMs)).code;
  }

  /** The value of the next frame of that kind; frames of other kinds stay for others. Rejects with Ended or TimedOut. */
  async expect<K extends Case>($case: K, deadlineMs = this.patienceMs): Promise<Value<K>> {
    const frame = await this.inbox.take(({ body }) => body?.$case === $case, $case, deadlineMs);
    return bodyOf(frame).value as Value<K>;
  }

  /** The frame that answers a request, of any kind. Rejects with Ended or TimedOut. */
  async answer(requestId: number, deadlineMs = this.patienceMs): Promise<FrameBody> {
    const what = `answer to request ${requestId}`;
    return bodyOf(await this.inbox.take((frame) => frame.requestId === requestId, what, deadlineMs));
  }
}

function bodyOf({ body }: Frame): FrameBody {
  if (body === undefined) throw new TypeError('a frame that was read has a body');
  return body;
}
