import { toHex, zBase32 } from '@0k-sync/core/bytes';
import { Message as WireMessage } from '@0k-sync/generated/wire/envelope';
import type { Progress } from '../progress.ts';
import type { StoredLogEntry } from '../store/types.ts';

/** The last moment that a Date can hold, milliseconds since 1970. */
const DATE_MS_MAX = 8.64e15;

/** A message of the group, verified and decrypted. */
export interface Message {
  /** Message.id, 32 hexadecimal characters. */
  readonly id: string;
  /** Key of the device that wrote the message, z-base-32, 52 characters. */
  readonly sender: string;
  /** The name that this device gave itself; empty if it gave none. GR-16. */
  readonly senderName: string;
  /** True when this device wrote the message. */
  readonly own: boolean;
  /** Text or bytes, as they were pushed; at most CONTENT_BYTES_MAX bytes. */
  readonly content: string | Uint8Array;
  /** The metadata that the sender pushed with the content. */
  readonly metadata?: string;
  /** The time of the sender's clock at the push: show it, never sort by it. EN-17. */
  readonly sentAt: Date;
  /** The time of the relay's clock when it stored the message. */
  readonly receivedAt: Date;
  /** Cursor at the relay that `pull()` asked; absent in `messages()`. */
  readonly cursor?: number;
}

/** Options of `pull()`. */
export interface PullOptions {
  /** At most this many messages; default: all. */
  readonly limit?: number;
  /** Rejects the pull with the signal's reason when it aborts; what was read until then stays. */
  readonly signal?: AbortSignal;
  /** Called after each page that is stored. */
  readonly onProgress?: (progress: Progress) => void;
}

/** Options of `messages()`. */
export interface MessagesOptions {
  /** Ends the loop when it aborts. */
  readonly signal?: AbortSignal;
  /**
   * False ends the loop at the last message that is stored. True, which is the default, goes on with what relays deliver;
   * then the loop rejects when the relays have refused this device for good.
   */
  readonly live?: boolean;
}

/** Turns a stored entry into a message for the app. */
export function toMessage(entry: StoredLogEntry & { readonly cursor?: number }, senderName: string): Message {
  const { content, metadata, sentAtMs } = WireMessage.decode(entry.plaintext);
  return {
    id: toHex(entry.messageId),
    sender: zBase32(entry.sender),
    senderName,
    own: entry.own,
    content: content?.value ?? '',
    ...(metadata !== undefined && { metadata }),
    sentAt: dateOf(Number(sentAtMs)),
    receivedAt: dateOf(entry.receivedAtMs),
    ...(entry.cursor !== undefined && { cursor: entry.cursor }),
  };
}

function dateOf(milliseconds: number): Date {
  return new Date(Math.min(milliseconds, DATE_MS_MAX));
}
