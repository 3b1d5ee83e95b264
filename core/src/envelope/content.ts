import { CONTENT_BYTES_MAX, METADATA_BYTES_MAX, TOPIC_BYTES_MAX } from '@0k-sync/generated/limits';
import { ContentType, Message } from '@0k-sync/generated/wire/envelope';
import { MemberAnnouncement } from '@0k-sync/generated/wire/group';
import { utf8 } from '../bytes/index.ts';
import { decodeStrict } from '../wire/index.ts';
import type { ParsedEnvelope } from './parse.ts';

/** The content of an opened envelope. EN-15. */
export type Content =
  | { readonly type: 'message'; readonly message: Message }
  | { readonly type: 'announcement'; readonly announcement: MemberAnnouncement };

/** Returns the content type that the header names for a content. EN-06. */
export function contentTypeOf(content: Content): ParsedEnvelope['contentType'] {
  return content.type === 'message' ? ContentType.CONTENT_TYPE_MESSAGE : ContentType.CONTENT_TYPE_INVITE;
}

/** Encodes a content as plaintext; a RangeError for content that a reader would refuse. EN-15. */
export function encodeContent(content: Content): Uint8Array {
  const plaintext =
    content.type === 'message'
      ? Message.encode(content.message).finish()
      : MemberAnnouncement.encode(content.announcement).finish();
  if (decodeContent(contentTypeOf(content), plaintext) === undefined) {
    throw new RangeError(
      `content is at most ${CONTENT_BYTES_MAX} bytes, metadata at most ${METADATA_BYTES_MAX}, a topic ${TOPIC_BYTES_MAX}, an id 16`,
    );
  }
  return plaintext;
}

/** Decodes a plaintext; undefined unless it passes the strict wire walk and keeps the limits. EN-15, EN-36. */
export function decodeContent(contentType: ParsedEnvelope['contentType'], plaintext: Uint8Array): Content | undefined {
  if (contentType === ContentType.CONTENT_TYPE_INVITE) {
    const announcement = decodeStrict('MemberAnnouncement', plaintext);
    return announcement === undefined ? undefined : { type: 'announcement', announcement };
  }
  const message = decodeStrict('Message', plaintext);
  return message !== undefined && isWithinLimits(message) ? { type: 'message', message } : undefined;
}

/** A message without content is refused, too. */
function isWithinLimits({ content, metadata }: Message): boolean {
  if (content === undefined) return false;
  const length = content.$case === 'text' ? utf8(content.value).length : content.value.length;
  return length <= CONTENT_BYTES_MAX && (metadata === undefined || utf8(metadata).length <= METADATA_BYTES_MAX);
}
