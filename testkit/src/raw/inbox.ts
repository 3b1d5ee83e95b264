import type { Frame } from '@0k-sync/generated/wire/frame';
import { PATIENCE_MS, within } from '../time/waiting.ts';
import { Ended } from './errors.ts';

type Wanted = (frame: Frame) => boolean;

/** The frames that came, and the waits for those to come. */
export class Inbox {
  /** Every frame that came, in order, with its time (ms, monotonic). */
  readonly log: { readonly frame: Frame; readonly at: number }[] = [];
  readonly #frames: Frame[] = [];
  readonly #waiting: { readonly wanted: Wanted; readonly taker: PromiseWithResolvers<Frame> }[] = [];
  #end: Ended | undefined;

  /** Takes in a frame. */
  put(frame: Frame): void {
    this.log.push({ frame, at: performance.now() });
    const index = this.#waiting.findIndex(({ wanted }) => wanted(frame));
    if (index === -1) this.#frames.push(frame);
    else this.#waiting.splice(index, 1)[0]?.taker.resolve(frame);
  }

  /** Takes the first frame that is wanted, now or when it comes. Rejects with Ended or TimedOut. `what` names it there. */
  take(wanted: Wanted, what: string, deadlineMs = PATIENCE_MS): Promise<Frame> {
    const index = this.#frames.findIndex(wanted);
    const [frame] = index === -1 ? [] : this.#frames.splice(index, 1);
    if (frame !== undefined) return Promise.resolve(frame);
    if (this.#end !== undefined) return Promise.reject(this.#end);
    const taker = Promise.withResolvers<Frame>();
    const waiting = { wanted, taker };
    this.#waiting.push(waiting);
    return within(taker.promise, what, deadlineMs).finally(() => {
      const at = this.#waiting.indexOf(waiting);
      if (at !== -1) this.#waiting.splice(at, 1);
    });
  }

  /** Rejects all waits, those to come too, because the connection was closed with `code`. */
  end(code: number): void {
    this.#end ??= new Ended(code);
    for (const { taker } of this.#waiting.splice(0)) taker.reject(this.#end);
  }
}
