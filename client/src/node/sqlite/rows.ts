import type { StoredLogEntry, StoredMessage, StoredOutboxEntry } from '../../store/types.ts';

/** A row as SQLite gives it, by column. */
export type Row = { readonly [column: string]: unknown };

const NONE = new Uint8Array();

/** A view of the same memory without Buffer's methods; empty for NULL. */
export function bytes(value: unknown): Uint8Array {
  if (value === null) return NONE;
  const { buffer, byteOffset, byteLength } = value as Buffer;
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** 1 or 0, as SQLite stores a truth. */
export const flag = (value: boolean): number => (value ? 1 : 0);

/** An entry from a row of `log` with its sender's key. */
export function toLogEntry(row: Row): StoredLogEntry {
  return {
    position: (row['position'] as number | null) ?? 0,
    sender: bytes(row['key']),
    sequence: row['sequence'] as number,
    hash: bytes(row['hash']),
    previous: bytes(row['previous']),
    epoch: row['epoch'] as number,
    contentType: row['content_type'] as number,
    messageId: bytes(row['message_id']),
    topic: row['topic'] as string,
    plaintext: bytes(row['plaintext']),
    nonce: bytes(row['nonce']),
    bodyHash: bytes(row['body_hash']),
    signature: bytes(row['signature']),
    receivedAtMs: row['received_at_ms'] as number,
    own: row['own'] === 1,
    sealedHere: row['sealed_here'] === 1,
    visible: row['position'] !== null,
  };
}

/** A message from a row of `log`; its sender has no key before it is sealed. */
export function toMessage(row: Row): StoredMessage {
  return {
    position: row['position'] as number,
    sender: bytes(row['key']),
    messageId: bytes(row['message_id']),
    topic: row['topic'] as string,
    plaintext: bytes(row['plaintext']),
    receivedAtMs: row['received_at_ms'] as number,
    own: row['own'] === 1,
  };
}

/** An outbox entry from a row of `outbox` with topic and plaintext of its message. */
export function toOutboxEntry(row: Row): StoredOutboxEntry {
  return {
    number: row['number'] as number,
    position: (row['position'] as number | null) ?? 0,
    id: bytes(row['id']),
    contentType: row['content_type'] as number,
    plaintext: bytes(row['content']),
    state: row['state'] as StoredOutboxEntry['state'],
    ...(row['sequence'] !== null && { sequence: row['sequence'] as number }),
    ...(row['refusal'] !== null && { refusal: row['refusal'] as number }),
    ...(row['topic'] !== null && row['topic'] !== '' && { topic: row['topic'] as string }),
    ...(row['collapse_key'] !== null && { collapseKey: row['collapse_key'] as string }),
  };
}
