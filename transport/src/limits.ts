import type { PeerLimits } from './port.ts';

/** In force where the caller names no limit. */
export const DEFAULT_LIMITS: PeerLimits = {
  streamsMax: 16,
  unreadBytesMax: 1_048_576,
  connectionsMax: 500,
  code: 0,
};

/** Fills in the defaults. Throws RangeError for anything but whole numbers from 0. */
export function resolveLimits(limits: Partial<PeerLimits> = {}): PeerLimits {
  const resolved = { ...DEFAULT_LIMITS, ...limits };
  for (const [name, value] of Object.entries(resolved)) {
    if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`limits.${name}: ${value} is no whole number`);
  }
  return resolved;
}
