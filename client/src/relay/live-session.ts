import type { ChannelInfo, ClampedLimits } from '@0k-sync/core/session';
import type { HelloAck } from '@0k-sync/generated/wire/frame';
import type { Source } from '../inbound/intake.ts';
import type { ProtocolConnection } from './connection.ts';

/** A session in which this device was let in. */
export interface LiveSession {
  readonly connection: ProtocolConnection;
  readonly channel: ChannelInfo;
  /** The relay as the handshake proved it. */
  readonly source: Source;
  readonly limits: ClampedLimits;
  readonly helloAck: HelloAck;
}
