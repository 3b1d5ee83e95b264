import { PROBE_MS_MAX, QUIET_MS_MAX } from '@0k-sync/generated/limits';

/** Finds a link dead on which something is unanswered. Times are milliseconds of one clock that never goes back. SE-24. */
export class Liveness {
  #quietSince: number | undefined;
  #probedAt: number | undefined;
  /** Bytes that waited to be sent when the last time was over. */
  #unsent = 0;

  /** Tells whether something is unanswered at `now`. */
  waits(isWaiting: boolean, now: number): void {
    if (isWaiting) this.#quietSince ??= now;
    else this.#quietSince = undefined;
    if (!isWaiting) this.#probedAt = undefined;
  }

  heard(now: number): void {
    if (this.#quietSince !== undefined) this.#quietSince = now;
    this.#probedAt = undefined;
  }

  /** Looks at the bytes that still wait to be sent: when a time is over and some of them have left, the link lives. */
  notice(unsent: number, now: number): void {
    const isOver = now >= this.nextDeadline;
    if (isOver && unsent > 0 && unsent < this.#unsent) this.heard(now);
    if (isOver) this.#unsent = unsent;
  }

  probed(now: number): void {
    this.#probedAt = now;
  }

  /** The link was quiet for QUIET_MS_MAX: it is time for a Ping. */
  isProbeDue(now: number): boolean {
    return this.#probedAt === undefined && now >= this.nextDeadline;
  }

  /** The Ping was not answered within PROBE_MS_MAX, nor anything else heard. */
  isDead(now: number): boolean {
    return this.#probedAt !== undefined && now >= this.nextDeadline;
  }

  /** The time at which a Ping is due or the link is dead; Infinity while nothing is unanswered. */
  get nextDeadline(): number {
    if (this.#quietSince === undefined) return Number.POSITIVE_INFINITY;
    return this.#probedAt === undefined ? this.#quietSince + QUIET_MS_MAX : this.#probedAt + PROBE_MS_MAX;
  }
}
