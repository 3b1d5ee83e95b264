interface Bucket {
  tokens: number;
  refilledAt: number;
}

/** The key that a limiter counts by: an address, or a row of the store. */
export type LimiterKey = string | number;

/** Token buckets by key in a bounded map; a full bucket means the same as none and is dropped. RL-62. */
export class RateLimiter {
  readonly #perMs: number;
  readonly #burst: number;
  readonly #entriesMax: number;
  readonly #buckets = new Map<LimiterKey, Bucket>();

  /** @param amount tokens per period, and the burst; 0 is no limit */
  constructor(amount: number, periodMs: number, entriesMax: number) {
    this.#perMs = amount / periodMs;
    this.#burst = amount;
    this.#entriesMax = entriesMax;
  }

  get size(): number {
    return this.#buckets.size;
  }

  /** Takes `cost` tokens; false when there are too few. A cost above the burst passes when the bucket is full. */
  take(key: LimiterKey, cost: number, now: number): boolean {
    if (this.#burst === 0) return true;
    const bucket = this.#bucketOf(key, now);
    if (bucket.tokens < Math.min(cost, this.#burst)) return false;
    bucket.tokens -= cost;
    return true;
  }

  /** Gives tokens back that were taken for something that does not count. */
  give(key: LimiterKey, cost: number, now: number): void {
    if (this.#burst === 0) return;
    const bucket = this.#bucketOf(key, now);
    bucket.tokens = Math.min(this.#burst, bucket.tokens + cost);
  }

  /** Takes `cost` tokens even when there are too few; what is missing is owed. RL-74. */
  spend(key: LimiterKey, cost: number, now: number): void {
    if (this.#burst > 0) this.#bucketOf(key, now).tokens -= cost;
  }

  /** Returns the time until nothing is owed, milliseconds. */
  owedMs(key: LimiterKey, now: number): number {
    if (this.#burst === 0) return 0;
    const { tokens } = this.#bucketOf(key, now);
    return tokens < 0 ? -tokens / this.#perMs : 0;
  }

  #bucketOf(key: LimiterKey, now: number): Bucket {
    const known = this.#buckets.get(key);
    if (known !== undefined) {
      known.tokens = this.#refilled(known, now);
      known.refilledAt = now;
      return known;
    }
    if (this.#buckets.size >= this.#entriesMax) this.#shrink(now);
    const bucket = { tokens: this.#burst, refilledAt: now };
    this.#buckets.set(key, bucket);
    return bucket;
  }

  #refilled({ tokens, refilledAt }: Bucket, now: number): number {
    return Math.min(this.#burst, tokens + (now - refilledAt) * this.#perMs);
  }

  /** Drops full buckets, then the oldest ones down to seven eighths of the map, so that it seldom runs. */
  #shrink(now: number): void {
    for (const [key, bucket] of this.#buckets) {
      if (this.#refilled(bucket, now) >= this.#burst) this.#buckets.delete(key);
    }
    const kept = this.#entriesMax - Math.ceil(this.#entriesMax / 8);
    for (const key of this.#buckets.keys()) {
      if (this.#buckets.size <= kept) return;
      this.#buckets.delete(key);
    }
  }
}
