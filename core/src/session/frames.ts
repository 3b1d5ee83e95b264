import { type FrameName, type FramesOf, frames } from '@0k-sync/generated/frames';
import type { End, FrameBody } from '../wire/index.ts';

/** The bodies of these frames. */
export type BodyOf<Name extends FrameName> = Extract<FrameBody, { readonly $case: Uncapitalize<Name> }>;

/** What a member asks a relay for: the client's frames whose event is `request`. */
export type MemberRequest = BodyOf<FramesOf<'client', 'request'>>;

/** What somebody without a Hello may ask a relay for: the client's frames whose event is `mailbox`. PA-14. */
export type StrangerRequest = BodyOf<FramesOf<'client', 'mailbox'>>;

const names = Object.fromEntries(
  (Object.keys(frames) as FrameName[]).map((name) => [name.charAt(0).toLowerCase() + name.slice(1), name]),
) as { readonly [Name in FrameName as Uncapitalize<Name>]: Name };

/** The frames table's name for a member of the oneof. */
export function frameNameOf<Case extends FrameBody['$case']>(body: { readonly $case: Case }): (typeof names)[Case] {
  return names[body.$case];
}

/** The frames that may answer a request; empty for a frame that has no answer. SE-08. */
export function answersOf(name: FrameName): readonly FrameName[] {
  return frames[name].answer;
}

/** Says whether only `sender` may send this frame. */
export function isFrom<From extends End>(body: FrameBody, sender: From): body is BodyOf<FramesOf<From>> {
  return frames[frameNameOf(body)].from === sender;
}

/** The event that a frame is to the machine of its receiver. SE-02. */
export function eventOf<Name extends FrameName>(name: Name): (typeof frames)[Name]['event'] {
  return frames[name].event;
}

/** Says whether the receiver's machine takes this frame in `state`. SE-02. */
export function isTakenIn(state: string, name: FrameName): boolean {
  return (frames[name].states as readonly string[]).includes(state);
}

/** Says whether the relay's machine takes this frame as that event. */
export function isRequest<Event extends 'mailbox' | 'request'>(
  body: FrameBody,
  event: Event,
): body is BodyOf<FramesOf<'client', Event>> {
  return frames[frameNameOf(body)].event === event;
}
