import { fromHex } from '@0k-sync/core/bytes';
import type { RandomSource } from '@0k-sync/core/crypto';
import { encodeContent } from '@0k-sync/core/envelope';
import { errors } from '@0k-sync/generated/errors';
import { CONTENT_BYTES_MAX, METADATA_BYTES_MAX } from '@0k-sync/generated/limits';
import { ContentType } from '@0k-sync/generated/wire/envelope';
import { SyncError } from '../error.ts';
import type { OutboxEntry } from '../store/types.ts';

const ID_BYTES = 16;

/** Options of `push()`. */
export interface PushOptions {
  /** Any text for the app's own use, often JSON; at most METADATA_BYTES_MAX bytes of UTF-8. */
  readonly metadata?: string;
  /**
   * 32 hexadecimal characters or a UUID. A push with the id of an earlier push is that push, and is delivered once.
   * Default: random.
   */
  readonly id?: string;
}

/** A message as it is queued. */
export type Draft = Pick<OutboxEntry, 'id' | 'contentType' | 'plaintext'>;

/**
 * Encodes a message for the outbox. `nowMs` becomes its sent_at_ms, which is 0 for a clock before 1970. OV-02.
 * @throws SyncError kind `argument` when the message is larger than any reader accepts, or the id is not readable. EN-15.
 */
export function draftMessage(
  random: RandomSource,
  nowMs: number,
  content: string | Uint8Array,
  { metadata, id: givenId }: PushOptions,
): Draft {
  const id = givenId === undefined ? random(ID_BYTES) : readId(givenId);
  const value = typeof content === 'string' ? ({ $case: 'text', value: content } as const) : dataOf(content);
  const sentAtMs = BigInt(Math.max(0, Math.floor(nowMs)));
  const message = { id, content: value, metadata, topic: '', sentAtMs, skipped: [] };
  try {
    const plaintext = encodeContent({ type: 'message', message });
    return { id, contentType: ContentType.CONTENT_TYPE_MESSAGE, plaintext };
  } catch (cause) {
    throw new SyncError('argument', 'The message is too large.', {
      code: errors.ENVELOPE_TOO_LARGE.number,
      hint: `Send at most ${CONTENT_BYTES_MAX} bytes of content and ${METADATA_BYTES_MAX} bytes of metadata.`,
      cause,
    });
  }
}

function dataOf(content: Uint8Array): { readonly $case: 'data'; readonly value: Uint8Array } {
  if (!(content instanceof Uint8Array)) throw new TypeError(`content: ${typeof content} is neither text nor bytes`);
  return { $case: 'data', value: content };
}

function readId(text: string): Uint8Array {
  const id = fromHex(text.replaceAll('-', ''));
  if (id?.length === ID_BYTES) return id;
  throw new SyncError('argument', `"${text}" is not a message id.`, {
    hint: 'Give 32 hexadecimal characters or a UUID, or omit the id.',
  });
}
