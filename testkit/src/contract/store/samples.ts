import type { HeldEnvelope, LogEntry, OutboxEntry, QuarantinedEnvelope } from '@0k-sync/client';

/** `length` bytes of one value, 32 by default. */
export const bytes = (value: number, length = 32): Uint8Array => new Uint8Array(length).fill(value);

/** Two senders, and the keys of two relays. */
export const ANN = bytes(1);
export const BOB = bytes(2);
export const RELAY = 'relay-a';
export const OTHER = 'relay-b';

/** An accepted envelope of a sender; `more` changes what a test is about. */
export function sampleLogEntry(sender: Uint8Array, sequence: number, more: Partial<LogEntry> = {}): LogEntry {
  return {
    sender,
    sequence,
    hash: bytes((sender[0] ?? 0) * 16 + sequence),
    contentType: 1,
    messageId: bytes(sequence, 16),
    topic: '',
    plaintext: bytes(9, 3),
    previous: bytes(7),
    epoch: 0,
    nonce: bytes(8, 24),
    bodyHash: bytes(6),
    signature: bytes(5, 64),
    receivedAtMs: 1000 + sequence,
    own: false,
    sealedHere: more.own ?? false,
    visible: true,
    ...more,
  };
}

/** A queued entry whose id, 16 bytes, and content are made of one value. */
export function sampleOutboxEntry(value: number): OutboxEntry {
  return { id: bytes(value, 16), contentType: 1, plaintext: bytes(value, 4), state: 'queued' };
}

/** An envelope of a sender that failed its checks. */
export function sampleQuarantined(value: number, more: Partial<QuarantinedEnvelope> = {}): QuarantinedEnvelope {
  return {
    relay: RELAY,
    cursor: value,
    rejectClass: 'envelope.auth',
    hash: bytes(value),
    sender: BOB,
    sequence: value,
    unsigned: false,
    envelope: bytes(value, 10),
    receivedAtMs: 5,
    atMs: 1,
    ...more,
  };
}

/** An envelope of Bob that waits for an earlier one since `heldAtMs`. */
export function sampleHeld(value: number, heldAtMs: number): HeldEnvelope {
  return {
    hash: bytes(value),
    sender: BOB,
    sequence: value,
    relay: RELAY,
    cursor: value,
    receivedAtMs: 5,
    heldAtMs,
    reason: 'gap',
    envelope: bytes(value, 10),
  };
}
