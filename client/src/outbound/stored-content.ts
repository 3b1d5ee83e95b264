import { type Content, decodeContent } from '@0k-sync/core/envelope';
import { ContentType } from '@0k-sync/generated/wire/envelope';
import type { LogEntry } from '../store/types.ts';

/** The content of a stored plaintext, which was checked when it was stored. */
export function contentOf({ contentType, plaintext }: Pick<LogEntry, 'contentType' | 'plaintext'>): Content {
  const isMessage = contentType === ContentType.CONTENT_TYPE_MESSAGE;
  const type = isMessage ? ContentType.CONTENT_TYPE_MESSAGE : ContentType.CONTENT_TYPE_INVITE;
  const content = decodeContent(type, plaintext);
  if (content === undefined) throw new TypeError('a stored plaintext was checked when it was stored');
  return content;
}
