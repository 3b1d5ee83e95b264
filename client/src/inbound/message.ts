import { toHex, zBase32 } from '@0k-sync/core/bytes';
import { Message as WireMessage } from '@0k-sync/generated/wire/envelope';
import type { StoredLogEntry } from '../store/types.ts';

/** The last moment that a Date can hold, milliseconds since 1970. */
const DATE_MS_MAX = 8.64e15;

/** A message of the group, verified and decrypted. */
export interface Message {
  /** Message.id, 32 hexadecimal characters. */
  readonly id: string;
  /** The writing device's key in this group, z-base-32. */
  readonly sender: string;
  /** The name it gave itself; may be empty. */
  readonly senderName: string;
  /** Written by this device. */
  readonly own: boolean;
  readonly content: string | Uint8Array;
  readonly metadata?: string;
  /** The sender's clock: for people, never for order. EN-17. */
  readonly sentAt: Date;
  /** The relay's clock. */
  readonly receivedAt: Date;
  /** Its cursor at the relay that was asked; absent in `messages()`, which knows no single relay. */
  readonly cursor?: number;
}

/** What of the messages is wanted. */
export interface PullOptions {
  /** At most this many messages; all by default. */
  readonly limit?: number;
  readonly signal?: AbortSignal;
}

/** How messages are read as they come. */
export interface MessagesOptions {
  /** Ends the reading. */
  readonly signal?: AbortSignal;
  /** Default true: relays are asked to deliver from now on. */
  readonly live?: boolean;
}

/** What the app sees of a stored entry. */
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
