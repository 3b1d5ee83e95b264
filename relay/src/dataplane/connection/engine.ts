import { randomDraws } from '@0k-sync/core/noise';
import { RelaySession } from '@0k-sync/core/session';
import type { SharedDeps } from '../shared/deps.ts';

/** Makes the engine of a new connection. */
export function makeEngine({ crypto, random, keys, config, clock }: SharedDeps): RelaySession {
  const { hello_deadline_ms, idle_timeout_ms, requests_in_flight_max } = config.limits;
  return new RelaySession(
    {
      crypto,
      draws: randomDraws(random),
      staticKeys: keys.noise,
      helloDeadlineMs: hello_deadline_ms,
      idleTimeoutMs: idle_timeout_ms,
      clockOffsetMs: clock.wall() - clock.monotonic(),
      requestsInFlightMax: requests_in_flight_max,
    },
    clock.monotonic(),
  );
}
