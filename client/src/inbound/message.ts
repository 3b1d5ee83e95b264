import { toHex } from '@0k-sync/core/bytes';
import { Message as WireMessage } from '@0k-sync/generated/wire/envelope';
import type { Progress } from '../progress.ts';
import type { StoredMessage } from '../store/types.ts';

/** A message of the group, verified and decrypted. */
export interface Message {
  /**
   * Place in the group's log on this device. Positions ascend in the order in which messages were stored here, own ones
   * from the moment they are pushed, and are never used twice.
   */
  readonly position: number;
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
  /** The topic that the sender pushed the message under; empty without one. EN-36. */
  readonly topic: string;
  /** The time of the sender's clock at the push, milliseconds since 1970: show it, never sort by it. EN-17. */
  readonly sentAtMs: number;
  /**
   * The time of the relay's clock when it stored the message, milliseconds since 1970; absent for an own message that was
   * not read back.
   */
  readonly receivedAtMs?: number;
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

/** Turns a stored message into one for the app: `senderText` is the key of its sender, `senderName` its name or empty. */
export function toMessage(
  { position, messageId, topic, plaintext, receivedAtMs, own, cursor }: StoredMessage & { readonly cursor?: number },
  senderText: string,
  senderName: string,
): Message {
  const { content, metadata, sentAtMs } = WireMessage.decode(plaintext);
  return {
    position,
    id: toHex(messageId),
    sender: senderText,
    senderName,
    own,
    content: content?.value ?? '',
    ...(metadata !== undefined && { metadata }),
    topic,
    sentAtMs: Number(sentAtMs),
    ...(receivedAtMs > 0 && { receivedAtMs }),
    ...(cursor !== undefined && { cursor }),
  };
}
