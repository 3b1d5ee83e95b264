import { HELLO_DEADLINE_MS, IDLE_TIMEOUT_MS, PING_INTERVAL_MS } from '@0k-sync/generated/limits';
import { Liveness } from './liveness.ts';

/** The deadlines of one client session: progress, life and the next Ping. Times are milliseconds. HS-15, SE-22. */
export class ClientTimers {
  #now: number;
  #lastHeard: number;
  #lastSent: number;
  #lastPing: number;
  #deadline: number;
  readonly #liveness = new Liveness();

  constructor(now: number) {
    this.#now = now;
    this.#lastHeard = now;
    this.#lastSent = now;
    this.#lastPing = now;
    this.#deadline = now + HELLO_DEADLINE_MS;
  }

  advance(now: number): void {
    this.#now = now;
  }

  heard(): void {
    this.#lastHeard = this.#now;
    this.#liveness.heard(this.#now);
  }

  /** Tells whether something is unanswered. SE-24. */
  waits(isWaiting: boolean): void {
    this.#liveness.waits(isWaiting, this.#now);
  }

  sent(): void {
    this.#lastSent = this.#now;
  }

  /** Gives the current step at most HELLO_DEADLINE_MS. */
  limit(): void {
    this.#deadline = Math.min(this.#deadline, this.#now + HELLO_DEADLINE_MS);
  }

  /** Ends the deadline of the current step. */
  release(): void {
    this.#deadline = Number.POSITIVE_INFINITY;
  }

  /**
   * Returns the step that is due now: the session is over, its link is dead, or a Ping leaves. SE-22, SE-24, SE-25.
   * @param overdueAt the time at which the first request is overdue
   * @param unsent bytes that wait to be sent
   */
  due(pings: boolean, overdueAt: number, unsent: number): 'over' | 'dead' | 'ping' | undefined {
    this.#liveness.notice(unsent, this.#now);
    if (this.#now >= Math.min(this.#endsAt, overdueAt)) return 'over';
    if (!pings) return undefined;
    if (this.#liveness.isDead(this.#now)) return 'dead';
    const isProbe = this.#liveness.isProbeDue(this.#now);
    if (!isProbe && this.#now < this.#pingsAt) return undefined;
    this.#lastPing = this.#now;
    if (isProbe) this.#liveness.probed(this.#now);
    return 'ping';
  }

  /** Returns the time of the next deadline, or of the next Ping if the session pings. */
  next(pings: boolean): number {
    return pings ? Math.min(this.#endsAt, this.#pingsAt, this.#liveness.nextDeadline) : this.#endsAt;
  }

  get #endsAt(): number {
    return Math.min(this.#deadline, this.#lastHeard + IDLE_TIMEOUT_MS);
  }

  /** A Ping is due after silence in either direction: the relay hears nothing from a client that only listens. */
  get #pingsAt(): number {
    return Math.max(this.#lastPing, Math.min(this.#lastHeard, this.#lastSent)) + PING_INTERVAL_MS;
  }
}
