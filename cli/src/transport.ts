import type { Transport } from '@0k-sync/transport';
import { QuicTransport } from '@0k-sync/transport/quic';

/** A person waits, so a vanished relay is noticed sooner than a program in the background needs. */
const IDLE_TIMEOUT_MS = 12_000;
const KEEP_ALIVE_MS = 4_000;

/** Creates the QUIC transport for commands that connect. */
export function interactiveTransport(): Transport {
  return new QuicTransport({ idleTimeoutMs: IDLE_TIMEOUT_MS, keepAliveMs: KEEP_ALIVE_MS });
}
