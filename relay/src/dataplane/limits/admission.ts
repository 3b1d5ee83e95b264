import type { ErrorName } from '@0k-sync/generated/errors';
import type { Config } from '../../config/sections.ts';
import { RateLimiter } from './rate-limiter.ts';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const EVERYBODY = '';

/** Returns the key under which limits count a host: its IPv4 address, or its IPv6 /64. PA-18. */
export function addressKey(host: string): string {
  if (!host.includes(':')) return host;
  const [head = '', tail] = host.toLowerCase().split('::');
  const front = head === '' ? [] : head.split(':');
  const back = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: Math.max(0, 8 - front.length - back.length) }, () => '0');
  return `${[...front, ...zeros, ...back].slice(0, 4).join(':')}::/64`;
}

/** Limits on connections, operations, failed claims and new groups. RL-61, RL-62, PA-18, SE-13. */
export class Admission {
  readonly #config: Config;
  readonly #connections = new Map<string, number>();
  #total = 0;
  readonly #arrivals: RateLimiter;
  readonly #byAddress: RateLimiter;
  readonly #byGroup: RateLimiter;
  readonly #byDevice: RateLimiter;
  readonly #claimsByAddress: RateLimiter;
  readonly #claims: RateLimiter;
  readonly #creations: RateLimiter;

  constructor(config: Config) {
    const { limits, groups } = config;
    const entries = limits.limiter_entries_max;
    this.#config = config;
    this.#arrivals = new RateLimiter(limits.connections_per_address_per_second, SECOND_MS, entries);
    this.#byAddress = new RateLimiter(limits.operations_per_second_per_address, SECOND_MS, entries);
    this.#byGroup = new RateLimiter(limits.operations_per_second_per_group, SECOND_MS, entries);
    this.#byDevice = new RateLimiter(limits.operations_per_second_per_device, SECOND_MS, entries);
    this.#claimsByAddress = new RateLimiter(limits.failed_claims_per_minute_per_address, MINUTE_MS, entries);
    this.#claims = new RateLimiter(limits.failed_claims_per_minute, MINUTE_MS, 1);
    this.#creations = new RateLimiter(groups.created_per_hour_per_address, HOUR_MS, entries);
  }

  /** Open connections, before Hello or after. */
  get connections(): number {
    return this.#total;
  }

  /** Counts a new connection; an error name turns the connection away. */
  enter(address: string, now: number): ErrorName | undefined {
    const { connections_max, connections_per_address_max } = this.#config.limits;
    const ofAddress = this.#connections.get(address) ?? 0;
    if (this.#total >= connections_max) return 'RELAY_OVERLOADED';
    if (ofAddress >= connections_per_address_max || !this.#arrivals.take(address, 1, now)) return 'RATE_LIMITED';
    this.#total += 1;
    this.#connections.set(address, ofAddress + 1);
    return undefined;
  }

  leave(address: string): void {
    const ofAddress = this.#connections.get(address) ?? 0;
    this.#total -= 1;
    if (ofAddress <= 1) this.#connections.delete(address);
    else this.#connections.set(address, ofAddress - 1);
  }

  /** Takes `cost` operations from a member's rates. @returns false when they are used up */
  mayOperate(address: string, group: number, device: number, cost: number, now: number): boolean {
    return (
      this.#byAddress.take(address, cost, now) &&
      this.#byGroup.take(group, cost, now) &&
      this.#byDevice.take(device, cost, now)
    );
  }

  mayClaim(address: string, now: number): boolean {
    return this.#claimsByAddress.has(address, now) && this.#claims.has(EVERYBODY, now);
  }

  claimFailed(address: string, now: number): void {
    this.#claimsByAddress.take(address, 1, now);
    this.#claims.take(EVERYBODY, 1, now);
  }

  mayCreateGroup(address: string, now: number): boolean {
    return this.#creations.has(address, now);
  }

  groupCreated(address: string, now: number): void {
    this.#creations.take(address, 1, now);
  }
}
