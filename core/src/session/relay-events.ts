import type { ErrorName } from '@0k-sync/generated/errors';
import type { FrameName } from '@0k-sync/generated/frames';
import type { RelaySessionEvent } from '@0k-sync/generated/machines';
import type { FrameBody } from '../wire/index.ts';
import type { VerifiedHello } from './hello.ts';

/** What a relay's shell is asked to do. Every `requestId` that is not 0 is owed exactly one answer or refusal. */
export type RelayEvent =
  /** Its signatures verify; answer with acceptHello or refuseHello. SE-11. */
  | { readonly type: 'hello'; readonly hello: VerifiedHello }
  /** A member's request; in order. SE-06. */
  | { readonly type: 'request'; readonly requestId: number; readonly body: FrameBody }
  /** A stranger's MailboxClaim or MailboxAck. */
  | { readonly type: 'mailbox'; readonly requestId: number; readonly body: FrameBody }
  /** The session is over; `error` is what ended it, if anything did. */
  | { readonly type: 'closed'; readonly error: ErrorName | undefined };

/** The event of the relay's machine that a client's frame is. */
export function eventOf(name: FrameName): RelaySessionEvent {
  switch (name) {
    case 'Hello':
      return 'hello';
    case 'MailboxClaim':
    case 'MailboxAck':
      return 'mailbox';
    case 'Ping':
      return 'ping';
    case 'Bye':
      return 'bye';
    default:
      return 'request';
  }
}
