import { fromHex, utf8 } from '@0k-sync/core/bytes';
import type { RandomSource } from '@0k-sync/core/crypto';
import { encodeContent } from '@0k-sync/core/envelope';
import { errors } from '@0k-sync/generated/errors';
import { CONTENT_BYTES_MAX, METADATA_BYTES_MAX, TOPIC_BYTES_MAX } from '@0k-sync/generated/limits';
import { ContentType } from '@0k-sync/generated/wire/envelope';
import { SyncError } from '../error.ts';
import type { OutboxEntry } from '../store/types.ts';

const ID_BYTES = 16;

/** A message to push, without its content. */
export interface PushOptions {
  /** Any text for the app's own use, often JSON; at most METADATA_BYTES_MAX bytes of UTF-8. */
  readonly metadata?: string;
  /** The part of the app that the message is for; at most TOPIC_BYTES_MAX bytes of UTF-8. Relays never see it. EN-36. */
  readonly topic?: string;
  /**
   * 32 hexadecimal characters or a UUID. A push with the id of an earlier push is that push, and is delivered once.
   * Default: random.
   */
  readonly id?: string;
  /**
   * Lets this message take the place of the one with the same key that is queued and not sealed yet. That one's receipt
   * settles as this one's. The key never leaves this device.
   */
  readonly collapseKey?: string;
  /** Rejects the push with the signal's reason, if it aborts before the message is queued. */
  readonly signal?: AbortSignal;
}

/** A message as it is queued. */
export interface Draft {
  readonly entry: OutboxEntry;
  /** True when the app has chosen the id, so that it may have been used before. */
  readonly isNamed: boolean;
}

/**
 * Encodes a message for the outbox. `nowMs` becomes its sent_at_ms, which is 0 for a clock before 1970. OV-02.
 * @throws SyncError kind `argument` when the message is larger than any reader accepts (EN-15), the id is not readable, or
 *   a text is not well-formed; TypeError for content that is neither text nor bytes.
 */
export function draftMessage(
  random: RandomSource,
  nowMs: number,
  content: string | Uint8Array,
  { metadata, topic = '', id: givenId, collapseKey }: PushOptions,
): Draft {
  if (metadata !== undefined) checkText('metadata', metadata);
  checkText('topic', topic);
  if (collapseKey !== undefined) checkText('collapseKey', collapseKey);
  const id = givenId === undefined ? random(ID_BYTES) : readId(givenId);
  const value = contentOf(content);
  const sentAtMs = BigInt(Math.max(0, Math.floor(nowMs)));
  const message = { id, content: value, metadata, topic, sentAtMs, skipped: [] };
  try {
    if (utf8(topic).length > TOPIC_BYTES_MAX) throw new RangeError(`a topic is at most ${TOPIC_BYTES_MAX} bytes`);
    const plaintext = encodeContent({ type: 'message', message });
    const entry = { id, contentType: ContentType.CONTENT_TYPE_MESSAGE, topic, plaintext, state: 'queued' } as const;
    const isNamed = givenId !== undefined;
    return { entry: collapseKey === undefined ? entry : { ...entry, collapseKey }, isNamed };
  } catch (cause) {
    throw new SyncError('argument', 'The message is too large.', {
      code: errors.ENVELOPE_TOO_LARGE.number,
      hint: `Send at most ${CONTENT_BYTES_MAX} bytes of content, ${METADATA_BYTES_MAX} of metadata, and ${TOPIC_BYTES_MAX} of topic.`,
      cause,
    });
  }
}

function contentOf(content: unknown) {
  if (content instanceof Uint8Array) return { $case: 'data', value: content } as const;
  if (typeof content !== 'string') throw new TypeError(`content: ${typeof content} is neither text nor bytes`);
  checkText('content', content);
  return { $case: 'text', value: content } as const;
}

/** A lone surrogate has no UTF-8: it would arrive as another character. */
function checkText(name: string, text: unknown): void {
  if (typeof text === 'string' && text.isWellFormed()) return;
  const what = typeof text === 'string' ? 'is no well-formed text: it has half of a surrogate pair' : 'is no text';
  throw new SyncError('argument', `The ${name} ${what}.`, {
    hint: typeof text === 'string' ? 'Push bytes, or text that is whole.' : 'Encode it, for example as JSON.',
  });
}

function readId(text: unknown): Uint8Array {
  const id = typeof text === 'string' ? fromHex(text.replaceAll('-', '')) : undefined;
  if (id?.length === ID_BYTES) return id;
  throw new SyncError('argument', `"${text}" is not a message id.`, {
    hint: 'Give 32 hexadecimal characters or a UUID, or omit the id.',
  });
}
