import { Envelope } from '@0k-sync/generated/wire/envelope';

/** Encodes an envelope without the relay's fields, cursor and received_at_ms: the bytes are the same at every relay. */
export function encodeEnvelope(envelope: Envelope): Uint8Array {
  return Envelope.encode({ ...envelope, cursor: 0n, receivedAtMs: 0n }).finish();
}
