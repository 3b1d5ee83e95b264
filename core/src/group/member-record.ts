import { LABEL_MEMBER_RECORD } from '@0k-sync/generated/labels';
import { type MemberRecord, MemberRecordBody } from '@0k-sync/generated/wire/group';
import { concat, equal, utf8 } from '../bytes/index.ts';
import type { CryptoProvider } from '../crypto/index.ts';
import { decodeCanonical } from '../wire/index.ts';
import type { DeviceKeys } from './device-keys.ts';
import type { EpochKeys } from './epoch-keys.ts';

/** A member whose record this device has verified. GR-14. */
export interface Member {
  /** Ed25519, 32 bytes. */
  readonly deviceKey: Uint8Array;
  readonly body: MemberRecordBody;
  /** The record's bytes as received. */
  readonly record: MemberRecord;
}

/** Makes a device's record, signed by the device and by the epoch's auth key. GR-08, GR-09. */
export function createMemberRecord(device: DeviceKeys, epochKeys: EpochKeys): MemberRecord {
  if (!equal(device.groupId, epochKeys.groupId)) throw new TypeError('device and epoch are of two groups');
  const { groupId, deviceKey, xwingKey } = device;
  const body = MemberRecordBody.encode({ groupId, deviceKey, xwingKey, epoch: epochKeys.epoch }).finish();
  const signed = signedPart(body);
  return { body, deviceSignature: device.sign(signed), authSignature: epochKeys.signAuth(signed) };
}

/** Reads a record's body without checking its signatures; undefined when it is not canonical. GR-08. */
export function readMemberRecordBody(record: MemberRecord): MemberRecordBody | undefined {
  return decodeCanonical('MemberRecordBody', record.body);
}

/** Returns a record's body; undefined unless both signatures verify, the second under `authKey`. GR-09, GR-14. */
export function verifyMemberRecord(
  crypto: CryptoProvider,
  record: MemberRecord,
  authKey: Uint8Array,
): MemberRecordBody | undefined {
  const body = readMemberRecordBody(record);
  if (body === undefined) return undefined;
  const signed = signedPart(record.body);
  const isVerified =
    crypto.ed25519Verify(record.deviceSignature, signed, body.deviceKey) &&
    crypto.ed25519Verify(record.authSignature, signed, authKey);
  return isVerified ? body : undefined;
}

/**
 * Verifies that a record names the group and verifies under the auth key of its own epoch; undefined otherwise. GR-14.
 * @param authKeyOf gives the auth key of an epoch
 */
export function verifyMember(
  crypto: CryptoProvider,
  record: MemberRecord,
  groupId: Uint8Array,
  authKeyOf: (epoch: number) => Uint8Array | undefined,
): Member | undefined {
  const claimed = readMemberRecordBody(record);
  if (claimed === undefined || !equal(claimed.groupId, groupId)) return undefined;
  const authKey = authKeyOf(claimed.epoch);
  const body = authKey === undefined ? undefined : verifyMemberRecord(crypto, record, authKey);
  return body === undefined ? undefined : { deviceKey: body.deviceKey, body, record };
}

function signedPart(body: Uint8Array): Uint8Array {
  return concat(utf8(LABEL_MEMBER_RECORD), body);
}
