import { zBase32 } from '@0k-sync/core/bytes';
import type { GroupState, RelayStatus } from '../events.ts';
import type { Outbox } from '../outbound/outbox.ts';
import { describeRefusal } from '../outbound/queue.ts';
import type { MemberSession } from '../relay/member-session.ts';
import type { StoredPin } from '../store/types.ts';
import type { ActiveGroup } from './active-group.ts';
import type { RelayLink } from './relay-link.ts';

/** The pinned keys of a relay. CL-30. */
export interface TrustedRelay {
  /** `host:port`. */
  readonly relay: string;
  /** NodeId (X25519 static key), z-base-32, 52 characters; absent before the first session. */
  readonly nodeId?: string;
  /** BLAKE3 of the relay's ML-KEM key, z-base-32, 52 characters; absent before the first hybrid session. */
  readonly kemHash?: string;
  /** True when the pin came from an invite, the group or the user: the relay can never replace it. CL-32. */
  readonly fixed: boolean;
}

/** A connection to a relay, as the handshake has proven it. */
export interface RelayConnection {
  /** `host:port`. */
  readonly relay: string;
  /** NodeId (X25519 static key), z-base-32, 52 characters. */
  readonly nodeId: string;
  /** Version of the protocol: 1 is classical, 2 is hybrid. */
  readonly version: 1 | 2;
  /** 32 bytes, the same at both ends and at no other connection: an app can bind its own proofs to it. */
  readonly handshakeHash: Uint8Array;
}

/** Describes the connection of a session for the app. */
export function describeConnection({ relay, channel }: MemberSession): RelayConnection {
  const { version, handshakeHash } = channel;
  return { relay: relay.address, nodeId: relay.key, version, handshakeHash };
}

/** Describes a pin for the app. */
export function describePin({ address, nodeId, kemHash, fixed }: StoredPin): TrustedRelay {
  return {
    relay: address,
    ...(nodeId && { nodeId: zBase32(nodeId) }),
    ...(kemHash && { kemHash: zBase32(kemHash) }),
    fixed,
  };
}

/** Describes the state of a group for the app; without a group there are no relays. */
export function describeState(group: ActiveGroup | undefined, { count, refusals }: Outbox): GroupState {
  const refused = refusals.map(({ id, code }) => ({ id, ...describeRefusal(code) }));
  const relays = group?.links.map((link) => describeLink(group, link)) ?? [];
  return { connected: relays.some(({ state }) => state === 'connected'), relays, unsynced: count, refused };
}

function describeLink({ deps, intake }: ActiveGroup, { relay: { address }, status }: RelayLink): RelayStatus {
  const pin = deps.pins.pinOf(address);
  const nodeId = pin?.nodeId && zBase32(pin.nodeId);
  const cursor = nodeId === undefined ? 0 : intake.progressAt(nodeId).cursor;
  return { relay: address, ...status, cursor, ...(nodeId !== undefined && { nodeId }) };
}
