import type { ChannelConfig } from '../channel/index.ts';

/** The settings of a relay's session. Its limits default to the spec's and may be lower. */
export interface RelaySessionConfig extends ChannelConfig {
  readonly helloDeadlineMs?: number | undefined;
  readonly idleTimeoutMs?: number | undefined;
  readonly requestsInFlightMax?: number | undefined;
  /** Added to `now` it gives milliseconds since 1970, for Pong; default 0. */
  readonly clockOffsetMs?: number | undefined;
}

/** Returns the relay's time at `now` for a Pong, milliseconds since 1970. */
export function wallTime({ clockOffsetMs = 0 }: RelaySessionConfig, now: number): bigint {
  return BigInt(Math.max(0, Math.floor(now + clockOffsetMs)));
}
