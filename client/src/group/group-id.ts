import { fromHex, readZBase32, zBase32 } from '@0k-sync/core/bytes';
import { SyncError } from '../error.ts';

const GROUP_ID_BYTES = 32;

/** The error for a call that needs a group. */
export function notPairedError(): SyncError {
  return new SyncError('not-paired', 'This device is in no group yet.', {
    hint: 'Create a group with pair(), or join one with pairJoin(invite).',
  });
}

/** The error for `pair()` in a session that was opened for a group in which this device is not. */
export function notMemberError(groupId: Uint8Array): SyncError {
  return new SyncError('not-paired', `This device is not in the group ${zBase32(groupId).slice(0, 8)}….`, {
    hint: 'Join it with pairJoin(invite), or omit the group id to create a new group.',
  });
}

/** The error for a call that names another group than `groupId`, in which this device is. */
export function otherGroupError(groupId: Uint8Array): SyncError {
  return new SyncError('already-paired', `This device is already in the group ${zBase32(groupId).slice(0, 8)}….`, {
    hint: 'Use this device as it is, or another data directory for another group.',
  });
}

/** The error for joining a group a second time. */
export function sameGroupError(groupId: Uint8Array): SyncError {
  return new SyncError('already-paired', `This device is already in the group ${zBase32(groupId).slice(0, 8)}….`, {
    hint: 'Use the group as it is: device.group(id) gives it.',
  });
}

/**
 * Reads a group id in z-base-32 (52 characters), hexadecimal (64 digits) or bytes (32).
 * @throws SyncError kind `argument` for anything else; TypeError for another type.
 */
export function readGroupId(groupId: string | Uint8Array): Uint8Array {
  if (typeof groupId !== 'string' && !(groupId instanceof Uint8Array)) {
    throw new TypeError(`groupId: expected a string or a Uint8Array, got ${typeof groupId}`);
  }
  const bytes = typeof groupId === 'string' ? (fromHex(groupId) ?? readZBase32(groupId)) : groupId;
  if (bytes?.length === GROUP_ID_BYTES) return bytes;
  throw new SyncError('argument', 'The group id is not readable.', {
    hint: 'Omit it, or give the 52 characters that the session shows as groupId.',
  });
}
