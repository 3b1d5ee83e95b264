import type { ErrorName } from '@0k-sync/generated/errors';
import type { Config } from '../../config/sections.ts';
import { ClaimLimits } from './claim-limits.ts';
import { type Place, Places } from './places.ts';
import { RateLimiter } from './rate-limiter.ts';

const SECOND_MS = 1000;
const HOUR_MS = 3600 * SECOND_MS;

/** Those whose rates a connection's operations are taken from. */
export interface Payer {
  readonly address: string;
  /** Rows of the store; undefined for a stranger. */
  readonly member?: { readonly group: number; readonly device: number } | undefined;
}

/** Limits on connections, operations, failed claims and new groups. RL-61, RL-62, PA-18, SE-13. */
export class Admission {
  /** Failed claims. */
  readonly claims: ClaimLimits;
  readonly #places: Places;
  readonly #arrivals: RateLimiter;
  readonly #byAddress: RateLimiter;
  readonly #byGroup: RateLimiter;
  readonly #byDevice: RateLimiter;
  readonly #creations: RateLimiter;

  constructor(config: Config) {
    const { limits, groups } = config;
    const entries = limits.limiter_entries_max;
    this.#places = new Places({
      connectionsMax: limits.connections_max,
      perAddressMax: limits.connections_per_address_max,
      strangersMax: Math.ceil((limits.connections_max * limits.strangers_percent_max) / 100),
    });
    this.claims = new ClaimLimits({
      perMinuteAndAddress: limits.failed_claims_per_minute_per_address,
      perMinuteAndMailbox: limits.failed_claims_per_minute_per_mailbox,
      entriesMax: entries,
    });
    this.#arrivals = new RateLimiter(limits.connections_per_address_per_second, SECOND_MS, entries);
    this.#byAddress = new RateLimiter(limits.operations_per_second_per_address, SECOND_MS, entries);
    this.#byGroup = new RateLimiter(limits.operations_per_second_per_group, SECOND_MS, entries);
    this.#byDevice = new RateLimiter(limits.operations_per_second_per_device, SECOND_MS, entries);
    this.#creations = new RateLimiter(groups.created_per_hour_per_address, HOUR_MS, entries);
  }

  /** Open connections, before Hello or after. */
  get connections(): number {
    return this.#places.total;
  }

  /** Gives a new connection a place; an error name turns it away. RL-61. */
  enter(address: string, now: number): Place | ErrorName {
    if (!this.#arrivals.take(address, 1, now)) return 'RATE_LIMITED';
    return this.#places.enter(address);
  }

  /** The connection is a known device's now, and no stranger's. */
  letIn(place: Place): void {
    this.#places.letIn(place);
  }

  leave(place: Place): void {
    this.#places.leave(place);
  }

  /** Takes `cost` operations from the rates. @returns false when they are used up */
  mayOperate({ address, member }: Payer, cost: number, now: number): boolean {
    return (
      this.#byAddress.take(address, cost, now) &&
      (member === undefined ||
        (this.#byGroup.take(member.group, cost, now) && this.#byDevice.take(member.device, cost, now)))
    );
  }

  /** Takes operations that are done already from the rates, which may owe them. RL-74. */
  spend({ address, member }: Payer, cost: number, now: number): void {
    this.#byAddress.spend(address, cost, now);
    if (member === undefined) return;
    this.#byGroup.spend(member.group, cost, now);
    this.#byDevice.spend(member.device, cost, now);
  }

  /** Returns the time until none of the rates owes anything, milliseconds. RL-74. */
  owedMs({ address, member }: Payer, now: number): number {
    const ofAddress = this.#byAddress.owedMs(address, now);
    if (member === undefined) return ofAddress;
    return Math.max(ofAddress, this.#byGroup.owedMs(member.group, now), this.#byDevice.owedMs(member.device, now));
  }

  /** Takes the place of a group that may be created. @returns false when the address has created too many */
  beginCreation(address: string, now: number): boolean {
    return this.#creations.take(address, 1, now);
  }

  /** Gives the place of a group back that was not created. */
  notCreated(address: string, now: number): void {
    this.#creations.give(address, 1, now);
  }
}
