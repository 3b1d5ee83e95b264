import type { ErrorName } from '@0k-sync/generated/errors';
import type { MemberRequest, StrangerRequest } from './frames.ts';
import type { VerifiedHello } from './hello.ts';

/** What a relay's shell is asked to do. Every `requestId` that is not 0 is owed exactly one answer or refusal. */
export type RelayEvent =
  /** Its signatures verify; answer with acceptHello or refuseHello. SE-11. */
  | { readonly type: 'hello'; readonly hello: VerifiedHello }
  /** A member's request; in order. SE-06. */
  | { readonly type: 'request'; readonly requestId: number; readonly body: MemberRequest }
  /** A stranger's MailboxClaim or MailboxAck. */
  | { readonly type: 'mailbox'; readonly requestId: number; readonly body: StrangerRequest }
  /** The session is over; `error` is what ended it, if anything did. */
  | { readonly type: 'closed'; readonly error: ErrorName | undefined };
