import { Envelope } from '@0k-sync/generated/wire/envelope';

/** The encoded envelope without the relay's two fields, cursor and received_at_ms: the same bytes at every relay. */
export function encodeEnvelope(envelope: Envelope): Uint8Array {
  return Envelope.encode({ ...envelope, cursor: 0n, receivedAtMs: 0n }).finish();
}
