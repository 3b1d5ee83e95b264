import { LABEL_GROUP_ID, LABEL_HELLO } from '@0k-sync/generated/labels';
import type { Hello } from '@0k-sync/generated/wire/frame';
import type { MemberRecord } from '@0k-sync/generated/wire/group';
import { concat, equal, utf8 } from '../bytes/index.ts';
import type { CryptoProvider } from '../crypto/index.ts';
import { verifyMemberRecord } from '../group/index.ts';

/** Returns the bytes that the Hello signature covers: label || handshake hash (32) || group id (32). SE-10. */
export function helloTranscript(handshakeHash: Uint8Array, groupId: Uint8Array): Uint8Array {
  return concat(utf8(LABEL_HELLO), handshakeHash, groupId);
}

/** A Hello whose signatures verify. The relay's store decides whether its device is enrolled. */
export interface VerifiedHello {
  readonly groupId: Uint8Array;
  readonly deviceKey: Uint8Array;
  readonly accessToken: string;
  /** A record that verifies under the group's auth_0; it may create the group. SE-12. */
  readonly enrolment: VerifiedEnrolment | undefined;
}

/** A member record with the auth key that verifies it. SE-12. */
export interface VerifiedEnrolment {
  readonly record: MemberRecord;
  /** auth_pub_0, 32 bytes. */
  readonly authKey: Uint8Array;
}

/** Checks everything that needs no store; undefined when one check fails. SE-10, SE-12. */
export function verifyHello(
  crypto: CryptoProvider,
  hello: Hello,
  handshakeHash: Uint8Array,
): VerifiedHello | undefined {
  const { groupId, deviceKey, signature, enrolment, accessToken } = hello;
  const transcript = helloTranscript(handshakeHash, groupId);
  if (!crypto.ed25519Verify(signature, transcript, deviceKey)) return undefined;
  if (enrolment === undefined) return { groupId, deviceKey, accessToken, enrolment: undefined };
  const { record, authKey } = enrolment;
  if (record === undefined || !equal(crypto.blake3(utf8(LABEL_GROUP_ID), authKey), groupId)) return undefined;
  const body = verifyMemberRecord(crypto, record, authKey);
  if (body === undefined || body.epoch !== 0) return undefined;
  if (!equal(body.groupId, groupId) || !equal(body.deviceKey, deviceKey)) return undefined;
  return { groupId, deviceKey, accessToken, enrolment: { record, authKey } };
}
