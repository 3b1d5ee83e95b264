import type { Outbox } from './outbox.ts';

/** True when an entry can be sent: one that is not behind a refused one. CL-24. */
export function hasDue({ count, firstSealed, firstRefused }: Outbox): boolean {
  return count > 0 && (firstRefused === Number.POSITIVE_INFINITY || firstSealed < firstRefused);
}
