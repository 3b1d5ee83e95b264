import { type FrameName, type FramesOf, frames } from '@0k-sync/generated/frames';
import type { End, FrameBody } from '../wire/index.ts';

/** The bodies of the named frames. */
export type BodyOf<Name extends FrameName> = Extract<FrameBody, { readonly $case: Uncapitalize<Name> }>;

/** A member's request: a client's frame whose event is `request`. */
export type MemberRequest = BodyOf<FramesOf<'client', 'request'>>;

/** A stranger's request: a client's frame whose event is `mailbox`. PA-14. */
export type StrangerRequest = BodyOf<FramesOf<'client', 'mailbox'>>;

const names = Object.fromEntries(
  (Object.keys(frames) as FrameName[]).map((name) => [name.charAt(0).toLowerCase() + name.slice(1), name]),
) as { readonly [Name in FrameName as Uncapitalize<Name>]: Name };

/** Returns the name of a body's frame in the frames table. */
export function frameNameOf<Case extends FrameBody['$case']>(body: { readonly $case: Case }): (typeof names)[Case] {
  return names[body.$case];
}

/** Returns the frames that may answer a frame; none for one that has no answer. SE-08. */
export function answersOf(name: FrameName): readonly FrameName[] {
  return frames[name].answer;
}

/** True when this frame is one that `sender` sends. */
export function isFrom<From extends End>(body: FrameBody, sender: From): body is BodyOf<FramesOf<From>> {
  return frames[frameNameOf(body)].from === sender;
}

/** Returns the event that a frame is to its receiver's machine. SE-02. */
export function eventOf<Name extends FrameName>(name: Name): (typeof frames)[Name]['event'] {
  return frames[name].event;
}

/** True when the receiver's machine accepts this frame in `state`. SE-02. */
export function isTakenIn(state: string, name: FrameName): boolean {
  return (frames[name].states as readonly string[]).includes(state);
}

/** True when this frame is that event to the relay's machine. */
export function isRequest<Event extends 'mailbox' | 'request'>(
  body: FrameBody,
  event: Event,
): body is BodyOf<FramesOf<'client', Event>> {
  return frames[frameNameOf(body)].event === event;
}

/** True when a client may send the frame as a request: as a member that was let in, or before. */
export function isClientRequest(body: FrameBody, isMember: boolean): boolean {
  const name = frameNameOf(body);
  const relayStates = isMember ? ['ready'] : ['fresh', 'claimed'];
  const isTaken = isFrom(body, 'client') && relayStates.some((state) => isTakenIn(state, name));
  return isTaken && name !== 'Hello' && name !== 'Bye';
}
