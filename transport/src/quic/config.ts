import type { PeerLimits } from '../port.ts';

/** The settings of QUIC. */
export interface QuicConfig {
  /** A connection that receives no packet for this long is lost, ms (RFC 9000 section 10.1). */
  readonly idleTimeoutMs: number;
  /** The dialling end sends a PING this often, ms. */
  readonly keepAliveMs: number;
  /** The longest time that a graceful close waits for the network to take what was written, ms. */
  readonly drainTimeoutMs: number;
}

/** The settings of a caller who names none. */
export const DEFAULT_CONFIG: QuicConfig = {
  idleTimeoutMs: 30_000,
  keepAliveMs: 10_000,
  drainTimeoutMs: 2_000,
};

/** QUIC grants this many streams above the limit, so that the first excess ones are reset with an error number. */
const STREAMS_ABOVE_LIMIT = 16;

/** Returns the number of streams that QUIC itself lets a peer have open (RFC 9000 section 4.6). */
export function nativeStreamsMax(limits: PeerLimits): number {
  return limits.streamsMax + STREAMS_ABOVE_LIMIT;
}
