import type { PeerLimits } from './port.ts';

/** The limits of a caller who names none. */
export const DEFAULT_LIMITS: PeerLimits = {
  streamsMax: 16,
  unreadBytesMax: 1_048_576,
  connectionsMax: 500,
  code: 0,
};

/** Fills in the defaults. Throws a RangeError unless every limit is a whole number from 0. */
export function resolveLimits(limits: Partial<PeerLimits> = {}): PeerLimits {
  const resolved = { ...DEFAULT_LIMITS, ...limits };
  for (const [name, value] of Object.entries(resolved)) {
    if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`limits.${name}: ${value} is no whole number`);
  }
  return resolved;
}
