import type { Envelope, EnvelopeHeader, Message } from '@0k-sync/generated/wire/envelope';
import type { Frame } from '@0k-sync/generated/wire/frame';
import type { MemberAnnouncement, MemberRecord, MemberRecordBody, Welcome } from '@0k-sync/generated/wire/group';
import type { Invite, JoinRequest } from '@0k-sync/generated/wire/pairing';
import type { GroupState, Rotation, RotationBody } from '@0k-sync/generated/wire/rotation';
import type { Result } from './failure.ts';
import { type End, readMessage } from './read-message.ts';

/** The messages that are decoded on their own, by name. */
interface Messages {
  readonly Envelope: Envelope;
  readonly EnvelopeHeader: EnvelopeHeader;
  readonly Frame: Frame;
  readonly GroupState: GroupState;
  readonly Invite: Invite;
  readonly JoinRequest: JoinRequest;
  readonly MemberAnnouncement: MemberAnnouncement;
  readonly MemberRecord: MemberRecord;
  readonly MemberRecordBody: MemberRecordBody;
  readonly Message: Message;
  readonly Rotation: Rotation;
  readonly RotationBody: RotationBody;
  readonly Welcome: Welcome;
}

/** Decodes a message that passes the strict wire walk. Errors: INVALID_MESSAGE, RESOURCES_EXCEEDED. WI-13 to WI-20. */
export function decode<Name extends keyof Messages>(
  name: Name,
  bytes: Uint8Array,
  sender: End,
): Result<Messages[Name]> {
  const read = readMessage(name, bytes, sender);
  return read.ok ? { ok: true, value: read.message as unknown as Messages[Name] } : read;
}

/** Decodes a message that passes the strict wire walk; undefined when it does not. WI-13. */
export function decodeStrict<Name extends keyof Messages>(name: Name, bytes: Uint8Array): Messages[Name] | undefined {
  const read = decode(name, bytes, 'relay');
  return read.ok ? read.value : undefined;
}

/** Decodes a message only when encoding it again gives the same bytes; undefined otherwise. OV-04. */
export function decodeCanonical<Name extends keyof Messages>(
  name: Name,
  bytes: Uint8Array,
): Messages[Name] | undefined {
  const read = readMessage(name, bytes, 'relay');
  return read.ok && read.isCanonical ? (read.message as unknown as Messages[Name]) : undefined;
}
