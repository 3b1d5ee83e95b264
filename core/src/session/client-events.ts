import type { ErrorName } from '@0k-sync/generated/errors';
import type { Error as WireError } from '@0k-sync/generated/wire/error';
import type { GoAway, HelloAck, LogSegment } from '@0k-sync/generated/wire/frame';
import type { ChannelInfo } from '../channel/index.ts';
import type { FrameBody } from '../wire/index.ts';
import type { ClampedLimits } from './clamp-limits.ts';

/** What a session tells its client. */
export type ClientEvent =
  /** The handshake is done; say Hello, or claim a mailbox. */
  | { readonly type: 'channel'; readonly info: ChannelInfo }
  | { readonly type: 'ready'; readonly helloAck: HelloAck; readonly limits: ClampedLimits }
  | { readonly type: 'answer'; readonly requestId: number; readonly body: FrameBody }
  | { readonly type: 'refused'; readonly requestId: number; readonly error: ErrorName; readonly remote: WireError }
  | { readonly type: 'delivery'; readonly segment: LogSegment }
  | { readonly type: 'go-away'; readonly goAway: GoAway }
  /** The session is over. `error`: what ended it; `remote`: the relay said so; undefined after Bye or GoAway. */
  | { readonly type: 'closed'; readonly error: ErrorName | undefined; readonly remote: WireError | undefined };
