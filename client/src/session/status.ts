import { zBase32 } from '@0k-sync/core/bytes';
import type { RelayStatus, SessionStatus } from '../events.ts';
import type { LiveSession } from '../relay/live-session.ts';
import type { RelayLink } from '../relay/relay-link.ts';
import type { StoredPin } from '../store/types.ts';
import type { ActiveGroup } from './active-group.ts';

/** What is known of a relay's keys. */
export interface TrustedRelay {
  /** `host:port`. */
  readonly relay: string;
  /** X25519 static, z-base-32; absent before the first session. */
  readonly nodeId?: string;
  /** BLAKE3 of its ML-KEM key, z-base-32; absent before the first hybrid session. */
  readonly kemHash?: string;
  /** From an invite, the group or the user: never replaced by what the relay shows. CL-32. */
  readonly fixed: boolean;
}

/** A session that stands, as its handshake has proven it. */
export interface RelayConnection {
  /** `host:port`. */
  readonly relay: string;
  /** X25519 static, z-base-32. */
  readonly nodeId: string;
  /** Of the protocol: 1 is classical, 2 hybrid. */
  readonly version: 1 | 2;
  /** 32 bytes, the same at both ends and nowhere else: for binding something to this very connection. */
  readonly handshakeHash: Uint8Array;
}

export function describeConnection({ source, channel }: LiveSession): RelayConnection {
  const { version, handshakeHash } = channel;
  return { relay: source.address, nodeId: source.key, version, handshakeHash };
}

export function trustedRelay({ address, nodeId, kemHash, fixed }: StoredPin): TrustedRelay {
  return {
    relay: address,
    ...(nodeId && { nodeId: zBase32(nodeId) }),
    ...(kemHash && { kemHash: zBase32(kemHash) }),
    fixed,
  };
}

/** The status of a session; without a group its relays are idle. */
export function describeStatus(group: ActiveGroup | undefined, unsynced: number): SessionStatus {
  const relays = group?.links.map((link) => relayStatus(group, link)) ?? [];
  return { connected: relays.some(({ state }) => state === 'connected'), relays, unsynced };
}

function relayStatus({ config, intake }: ActiveGroup, { relay: { address }, status }: RelayLink): RelayStatus {
  const pin = config.trust.pin(address);
  const nodeId = pin?.nodeId && zBase32(pin.nodeId);
  const cursor = nodeId === undefined ? 0 : intake.progress(nodeId).cursor;
  return { relay: address, ...status, cursor, ...(nodeId !== undefined && { nodeId }) };
}
