import type { FrameBody } from '@0k-sync/core/wire';
import { type FrameName, frames } from '@0k-sync/generated/frames';
import { caseOf, type Places, sessionFrames } from '@0k-sync/testkit/samples';

/** A frame of a kind that is right for the session it is sent in. */
export function bodyOf(name: FrameName, places: Places): FrameBody {
  return sessionFrames(places)[caseOf(name)];
}

export const frameNames = Object.keys(frames) as readonly FrameName[];

/** Says if a relay in that state takes this frame of a client. SE-02. */
export function isAccepted(name: FrameName, state: string): boolean {
  const { from, states } = frames[name];
  return from === 'client' && (states as readonly string[]).includes(state);
}

/** Says if a frame gets an answer. SE-04. */
export function isAnswered(name: FrameName): boolean {
  return frames[name].answer.length > 0;
}
