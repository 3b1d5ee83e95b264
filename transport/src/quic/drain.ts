import { setTimeout as delay } from 'node:timers/promises';
import type { NativeMetrics } from './http3.ts';

/** A connection whose bytes `drain` waits for. */
export interface Drainable {
  readonly isGone: boolean;
  /** Bytes that the native side does not have yet, over all streams. */
  readonly bufferedBytes: number;
  /** True when at least as many bytes left on the wire as the native side was given. */
  hasSentEnough(metrics: NativeMetrics): boolean;
  metrics(): NativeMetrics | null;
  ping(): boolean;
}

/** A packet counts as lost when one this many later was acknowledged (RFC 9002 section 6.1.1). */
const PACKET_THRESHOLD = 3;
/** Within this time, in RTTs, an acknowledgement makes a lost packet be sent again (RFC 9002 section 6.1.2). */
const LOSS_WINDOW_RTTS = 1.25;
const LOSS_WINDOW_MIN_MS = 5;
/** The longest packet that holds only an acknowledgement or a ping. */
const BARE_PACKET_BYTES_MAX = 80;
const POLL_MS = 1;
/** Pauses between looks at the metrics double up to this: a look costs time, and a peer that is gone never answers. */
const POLL_MS_MAX = 64;

/**
 * Waits until the peer has what was written, or `limitMs` passed. The native side does not show acknowledgements, and
 * its close drops unsent bytes, so this function watches the wire. When the native side has everything, it sends pings
 * until each earlier loss must have been noticed. The peer has everything if enough bytes left by then and no packet
 * with content, new or repeated, left meanwhile.
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
