import { type FrameName, frames } from '@0k-sync/generated/frames';
import type { FrameBody } from '../wire/index.ts';

const names = new Map<string, FrameName>(
  (Object.keys(frames) as FrameName[]).map((name) => [name.charAt(0).toLowerCase() + name.slice(1), name]),
);

/** The row of the frames table for a member of the oneof. */
export function frameNameOf(body: FrameBody): FrameName {
  return names.get(body.$case) as FrameName;
}

/** The kinds of frame that may answer a request; empty for one that has no answer. SE-08. */
export function answersOf(name: FrameName): readonly FrameName[] {
  return frames[name].answer;
}

export function isFrom(name: FrameName, sender: 'client' | 'relay'): boolean {
  return frames[name].from === sender;
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

  /** The request of that number, which goes on waiting. */
  get(requestId: number): FrameName | undefined {
    return this.#pending.get(requestId);
  }

  /** Ends a request; undefined when there is none of that number. */
  take(requestId: number): FrameName | undefined {
    const name = this.#pending.get(requestId);
    this.#pending.delete(requestId);
    return name;
  }
}
