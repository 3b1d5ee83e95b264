import { type Transport, TransportError } from '@0k-sync/transport';
import { QuicTransport } from '@0k-sync/transport/quic';

/** A person waits, so a vanished relay is noticed sooner than a program in the background needs. */
const IDLE_TIMEOUT_MS = 12_000;
const KEEP_ALIVE_MS = 4_000;

/** Creates the QUIC transport for commands that connect. */
export function interactiveTransport(): Transport {
  return new QuicTransport({ idleTimeoutMs: IDLE_TIMEOUT_MS, keepAliveMs: KEEP_ALIVE_MS });
}

/** The transport for commands on stored data: it refuses to connect. */
export const offlineTransport: Transport = {
  connect: () =>
    Promise.reject(
      new TransportError('aborted', 'this command connects to no relay', 'use push, pull, watch or status'),
    ),
  listen: () =>
    Promise.reject(new TransportError('aborted', 'this program does not listen', 'run 0k-relay to have a relay')),
};
