import { type Transport, TransportError } from '@0k-sync/transport';
import { QuicTransport } from '@0k-sync/transport/quic';

/** A person is waiting: a relay that vanished is noticed sooner than a program in the background would need. */
const IDLE_TIMEOUT_MS = 12_000;
const KEEP_ALIVE_MS = 4_000;

/** QUIC for commands that connect. */
export function interactiveTransport(): Transport {
  return new QuicTransport({ idleTimeoutMs: IDLE_TIMEOUT_MS, keepAliveMs: KEEP_ALIVE_MS });
}

/** For commands that are about stored data only: no packet leaves this machine. */
export const offlineTransport: Transport = {
  connect: () => Promise.reject(new TransportError('aborted', 'this command does not connect', 'use another one')),
  listen: () => Promise.reject(new TransportError('aborted', 'this program does not listen', 'use 0k-relay')),
};
