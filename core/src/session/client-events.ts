import type { ErrorName } from '@0k-sync/generated/errors';
import type { Error as WireError } from '@0k-sync/generated/wire/error';
import type { GoAway, HelloAck, LogSegment } from '@0k-sync/generated/wire/frame';
import type { ChannelInfo } from '../channel/index.ts';
import type { FrameBody } from '../wire/index.ts';
import type { ClampedLimits } from './clamp-limits.ts';

/** An event for the client's shell. */
export type ClientEvent =
  /** The handshake is complete: say Hello, or claim a mailbox. */
  | { readonly type: 'channel'; readonly info: ChannelInfo }
  | { readonly type: 'ready'; readonly helloAck: HelloAck; readonly limits: ClampedLimits }
  | { readonly type: 'answer'; readonly requestId: number; readonly body: FrameBody }
  | { readonly type: 'refused'; readonly requestId: number; readonly error: ErrorName; readonly remote: WireError }
  | { readonly type: 'delivery'; readonly segment: LogSegment }
  | { readonly type: 'go-away'; readonly goAway: GoAway }
  /**
   * The session is over. `error` ended it, if there was one; `remote` is the relay's Error, if it sent one; `isSilent`:
   * the link was dead. SE-24.
   */
  | {
      readonly type: 'closed';
      readonly error: ErrorName | undefined;
      readonly remote: WireError | undefined;
      readonly isSilent: boolean;
    };
