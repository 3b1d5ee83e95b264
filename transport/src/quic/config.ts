import type { PeerLimits } from '../port.ts';

export interface QuicConfig {
  /** A connection without a packet for this long is lost, ms (RFC 9000 section 10.1). */
  readonly idleTimeoutMs: number;
  /** The dialling end sends a PING this often, ms. */
  readonly keepAliveMs: number;
  /** Longest time a graceful close waits for the network to take what was written, ms. */
  readonly drainTimeoutMs: number;
}

export const DEFAULT_CONFIG: QuicConfig = {
  idleTimeoutMs: 30_000,
  keepAliveMs: 10_000,
  drainTimeoutMs: 2_000,
};

/** Streams granted by QUIC above the limit, so that the first ones too many are reset with a number the peer can read. */
const STREAMS_ABOVE_LIMIT = 16;

/** The limit QUIC itself enforces (RFC 9000 section 4.6), on streams a peer has open at the same time. */
export function nativeStreamsMax(limits: PeerLimits): number {
  return limits.streamsMax + STREAMS_ABOVE_LIMIT;
}
