import type { ErrorName } from '@0k-sync/generated/errors';
import type { FrameBody } from '../wire/index.ts';
import type { MemberRequest, StrangerRequest } from './frames.ts';
import type { VerifiedHello } from './hello.ts';

/** An event for the relay's shell, which owes exactly one answer or refusal to each requestId except 0. */
export type RelayEvent =
  /** A Hello whose signatures verify: answer with acceptHello or refuseHello. SE-11. */
  | { readonly type: 'hello'; readonly hello: VerifiedHello }
  /** A member's request, in the order sent. SE-06. */
  | { readonly type: 'request'; readonly requestId: number; readonly body: MemberRequest }
  /** A stranger's MailboxClaim or MailboxAck. */
  | { readonly type: 'mailbox'; readonly requestId: number; readonly body: StrangerRequest }
  /** The session is over; `error` is the error that ended it, if there was one. */
  | { readonly type: 'closed'; readonly error: ErrorName | undefined };

/** The frame that a step is about: received, or to be sent. */
export type Subject = { readonly requestId: number; readonly body: FrameBody };
