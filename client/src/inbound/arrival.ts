import type { HashedEnvelope } from '@0k-sync/core/envelope';
import { encodeEnvelope } from '@0k-sync/core/envelope';
import { Envelope } from '@0k-sync/generated/wire/envelope';
import type { HeldEnvelope, HoldReason, QuarantinedEnvelope, RelayKey } from '../store/types.ts';

/** One envelope as a relay delivered it. */
export interface Arrival {
  readonly envelope: Envelope;
  readonly relay: RelayKey;
  /** `host:port`, for events. */
  readonly address: string;
  readonly cursor: number;
  /** The relay's clock, milliseconds since 1970. */
  readonly receivedAtMs: number;
  /** This device's clock when the envelope came, milliseconds since 1970. */
  readonly atMs: number;
}

/** The arrival of an envelope that is held. */
export function arrivalOfHeld(held: HeldEnvelope, address: string): Arrival {
  const { relay, cursor, receivedAtMs, heldAtMs: atMs } = held;
  return { envelope: Envelope.decode(held.envelope), relay, address, cursor, receivedAtMs, atMs };
}

/** The arrival of an envelope that is in the quarantine. */
export function arrivalOfQuarantined(quarantined: QuarantinedEnvelope, address: string): Arrival {
  return { ...quarantined, envelope: Envelope.decode(quarantined.envelope), address };
}

/** The row of an arrival that is held. */
export function heldOf(
  arrival: Arrival,
  { senderKey, sequence, hash }: HashedEnvelope,
  reason: HoldReason,
): HeldEnvelope {
  const { relay, cursor, receivedAtMs, atMs: heldAtMs } = arrival;
  const envelope = encodeEnvelope(arrival.envelope);
  return { hash, sender: senderKey.slice(), sequence, relay, cursor, receivedAtMs, heldAtMs, reason, envelope };
}
