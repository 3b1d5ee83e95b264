import { HELLO_DEADLINE_MS, IDLE_TIMEOUT_MS, PING_INTERVAL_MS } from '@0k-sync/generated/limits';

/** The deadlines of one client session: progress, life and the next Ping. Times are milliseconds. HS-15, SE-22. */
export class ClientTimers {
  #now: number;
  #lastHeard: number;
  #lastSent: number;
  #lastPing: number;
  #deadline: number;

  constructor(now: number) {
    this.#now = now;
    this.#lastHeard = now;
    this.#lastSent = now;
    this.#lastPing = now;
    this.#deadline = now + HELLO_DEADLINE_MS;
  }

  /** The time of the last input. */
  get now(): number {
    return this.#now;
  }

  advance(now: number): void {
    this.#now = now;
  }

  heard(): void {
    this.#lastHeard = this.#now;
  }

  sent(): void {
    this.#lastSent = this.#now;
  }

  pinged(): void {
    this.#lastPing = this.#now;
  }

  /** Gives the current step at most HELLO_DEADLINE_MS. */
  limit(): void {
    this.#deadline = Math.min(this.#deadline, this.#now + HELLO_DEADLINE_MS);
  }

  /** Ends the deadline of the current step. */
  release(): void {
    this.#deadline = Number.POSITIVE_INFINITY;
  }

  get isOver(): boolean {
    return this.#now >= this.#endsAt;
  }

  get isPingDue(): boolean {
    return this.#now >= this.#pingsAt;
  }

  /** Returns the time of the next deadline, or of the next Ping if the session pings. */
  next(pings: boolean): number {
    return pings ? Math.min(this.#endsAt, this.#pingsAt) : this.#endsAt;
  }

  get #endsAt(): number {
    return Math.min(this.#deadline, this.#lastHeard + IDLE_TIMEOUT_MS);
  }

  /** A Ping is due after silence in either direction: the relay hears nothing from a client that only listens. */
  get #pingsAt(): number {
    return Math.max(this.#lastPing, Math.min(this.#lastHeard, this.#lastSent)) + PING_INTERVAL_MS;
  }
}
