import { fromHex, readZBase32, zBase32 } from '@0k-sync/core/bytes';
import { SyncError } from '../error.ts';

const GROUP_ID_BYTES = 32;

/** There is no group to work with. */
export function notPaired(): SyncError {
  return new SyncError('not-paired', 'This device is in no group yet.', {
    hint: 'Create one with pair(), or join one with pairJoin(invite).',
  });
}

/** A group that already is cannot be created. */
export function notHere(groupId: Uint8Array): SyncError {
  return new SyncError('not-paired', `This device is not in the group ${zBase32(groupId).slice(0, 8)}….`, {
    hint: 'Join it with pairJoin(invite), or leave the group id away to create a new one.',
  });
}

/** `groupId` is the one that this device is in. */
export function otherGroup(groupId: Uint8Array): SyncError {
  return new SyncError('already-paired', `This device is in the group ${zBase32(groupId).slice(0, 8)}… already.`, {
    hint: 'Use another data directory for another group.',
  });
}

/** A group id in z-base-32, hexadecimal or bytes. @throws SyncError kind `argument` for anything else. */
export function readGroupId(groupId: string | Uint8Array): Uint8Array {
  const bytes = typeof groupId === 'string' ? (fromHex(groupId) ?? readZBase32(groupId)) : groupId;
  if (bytes?.length === GROUP_ID_BYTES) return bytes;
  throw new SyncError('argument', 'The group id is not readable.', {
    hint: 'Leave it away, or give the 52 characters that the session shows as groupId.',
  });
}
