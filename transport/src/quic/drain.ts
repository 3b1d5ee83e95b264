import { setTimeout as delay } from 'node:timers/promises';
import type { NativeMetrics } from './http3.ts';

/** What has to be known of a connection to wait for its bytes to get through. */
export interface Drainable {
  readonly isGone: boolean;
  /** Bytes not yet handed to the native side, all streams together. */
  readonly bufferedBytes: number;
  /** Whether the wire saw at least as many bytes as were handed to the native side. */
  hasSentEnough(metrics: NativeMetrics): boolean;
  metrics(): NativeMetrics | null;
  ping(): boolean;
}

/** A packet is declared lost once one this many later was acknowledged (RFC 9002 section 6.1.1). */
const PACKET_THRESHOLD = 3;
/** Time after an acknowledgement in which a lost packet is declared lost and sent again (RFC 9002 section 6.1.2), in RTTs. */
const LOSS_WINDOW_RTTS = 1.25;
const LOSS_WINDOW_MIN_MS = 5;
/** A packet with nothing but an acknowledgement or a ping is no longer than this. */
const BARE_PACKET_BYTES_MAX = 80;
const POLL_MS = 1;
/** Looking at the metrics is not free, and a peer that is gone never answers: the pauses between looks double up to this. */
const POLL_MS_MAX = 64;

/**
 * Waits until the peer has what was written, or `limitMs` passed. The native side does not say what was acknowledged, and
 * its close drops whatever was not sent, so this watches the wire: once everything is handed over, pings follow until whatever
 * was lost before them must have been noticed; if by then enough bytes left, and no packet with content (new or repeated)
 * left meanwhile, all is there.
 */
export async function drain(connection: Drainable, limitMs: number): Promise<void> {
  const deadline = performance.now() + limitMs;
  const isOver = () => connection.isGone || performance.now() >= deadline;
  while (connection.bufferedBytes > 0 && !isOver()) await delay(POLL_MS);
  while (!isOver()) {
    const before = connection.metrics();
    if (!before) return;
    for (let round = 0; round < PACKET_THRESHOLD && !isOver(); round += 1) await pingAndWait(connection, isOver);
    await delay(Math.max(LOSS_WINDOW_MIN_MS, before.rttMs * LOSS_WINDOW_RTTS));
    const after = connection.metrics();
    if (!after || (isQuietBetween(before, after) && connection.hasSentEnough(after))) return;
  }
}

async function pingAndWait(connection: Drainable, isOver: () => boolean): Promise<void> {
  const before = connection.metrics();
  if (!before || !connection.ping()) return;
  for (let pause = Math.max(POLL_MS, before.rttMs / 4); !isOver(); pause = Math.min(2 * pause, POLL_MS_MAX)) {
    await delay(pause);
    const now = connection.metrics();
    if (!now || now.packetsIn > before.packetsIn) return;
  }
}

function isQuietBetween(before: NativeMetrics, after: NativeMetrics): boolean {
  return after.bytesOut - before.bytesOut <= (after.packetsOut - before.packetsOut) * BARE_PACKET_BYTES_MAX;
}
