import { zBase32 } from '@0k-sync/core/bytes';
import type { Membership } from './membership.ts';

/** A member of the group. */
export interface Device {
  /** Its key in this group, z-base-32. */
  readonly device: string;
  /** The name it gave itself; may be empty. */
  readonly name: string;
  /** This device. */
  readonly own: boolean;
}

/** The members as the app sees them. */
export function devicesOf(membership: Membership): readonly Device[] {
  return membership.members.map(({ deviceKey, name }) => {
    return { device: zBase32(deviceKey), name, own: membership.isOwn(deviceKey) };
  });
}
