import { zBase32 } from '@0k-sync/core/bytes';
import type { Membership } from './membership.ts';

/** A device of the group. */
export interface MemberDevice {
  /** Key of the device in this group, z-base-32, 52 characters. */
  readonly device: string;
  /** The name that the device gave itself; empty if it gave none. GR-16. */
  readonly name: string;
  /** True for this device. */
  readonly own: boolean;
}

/** Lists the members of a group for the app. */
export function devicesOf(membership: Membership): readonly MemberDevice[] {
  return membership.members.map(({ deviceKey, name }) => {
    return { device: zBase32(deviceKey), name, own: membership.isOwn(deviceKey) };
  });
}
