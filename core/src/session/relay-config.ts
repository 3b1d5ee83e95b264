import type { ChannelConfig } from '../channel/index.ts';

/** Limits may be lower than the spec's; left out, they are the spec's. */
export interface RelaySessionConfig extends ChannelConfig {
  readonly helloDeadlineMs?: number | undefined;
  readonly idleTimeoutMs?: number | undefined;
  readonly requestsInFlightMax?: number | undefined;
  /** What `now` lacks to milliseconds since 1970, which Pong tells; 0 when left out. */
  readonly clockOffsetMs?: number | undefined;
}
