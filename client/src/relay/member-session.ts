import type { ChannelInfo } from '@0k-sync/core/channel';
import type { ClampedLimits } from '@0k-sync/core/session';
import type { HelloAck } from '@0k-sync/generated/wire/frame';
import type { RelayRetention } from '../events.ts';
import type { ProtocolSession } from './protocol-session.ts';
import type { ProvenRelay } from './proven-relay.ts';

/** A protocol session in which the relay has let this device in as a member of its group. */
export interface MemberSession {
  readonly protocol: ProtocolSession;
  /** The result of the handshake. */
  readonly channel: ChannelInfo;
  readonly relay: ProvenRelay;
  /** The relay's limits, clamped to what this end accepts. */
  readonly limits: ClampedLimits;
  readonly helloAck: HelloAck;
  /** The retention that the HelloAck names. CL-19. */
  readonly retention: RelayRetention;
}
