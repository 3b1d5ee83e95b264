import { type FrameName, frames } from '@0k-sync/generated/frames';
import type { FrameBody } from '../wire/index.ts';

/** The row of the frames table for a member of the oneof. */
export function frameNameOf(body: FrameBody): FrameName {
  return (body.$case[0]?.toUpperCase() + body.$case.slice(1)) as FrameName;
}

/** The kinds of frame that may answer a request; empty for one that has no answer. SE-08. */
export function answersOf(name: FrameName): readonly FrameName[] {
  return frames[name].answer;
}

/** Whether a machine in `state` takes a frame that `from` has sent. SE-02. */
export function accepts(name: FrameName, from: 'client' | 'relay', state: string): boolean {
  const row = frames[name];
  return row.from === from && (row.states as readonly string[]).includes(state);
}

/** Requests of one session that wait for their answer, by request_id. SE-04, SE-05. */
export class PendingRequests {
  readonly #pending = new Map<number, FrameName>();

  get size(): number {
    return this.#pending.size;
  }

  has(requestId: number): boolean {
    return this.#pending.has(requestId);
  }

  add(requestId: number, name: FrameName): void {
    this.#pending.set(requestId, name);
  }

  /** Ends a request; undefined when there is none of that number. */
  take(requestId: number): FrameName | undefined {
    const name = this.#pending.get(requestId);
    this.#pending.delete(requestId);
    return name;
  }
}
