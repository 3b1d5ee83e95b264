interface Bucket {
  tokens: number;
  refilledAt: number;
}

/** Token buckets by key in a bounded map; a bucket that is full again is as good as none and goes. RL-62. */
export class RateLimiter {
  readonly #perMs: number;
  readonly #burst: number;
  readonly #entriesMax: number;
  readonly #buckets = new Map<string, Bucket>();

  /** `amount` per `periodMs`, which is also the burst; 0 is no limit. */
  constructor(amount: number, periodMs: number, entriesMax: number) {
    this.#perMs = amount / periodMs;
    this.#burst = amount;
    this.#entriesMax = entriesMax;
  }

  get size(): number {
    return this.#buckets.size;
  }

  /** Whether `cost` may pass now, and takes it if so. A cost above the burst passes when the bucket is full. */
  take(key: string, cost: number, now: number): boolean {
    if (this.#burst === 0) return true;
    const bucket = this.#bucketOf(key, now);
    if (bucket.tokens < Math.min(cost, this.#burst)) return false;
    bucket.tokens -= cost;
    return true;
  }

  /** Whether anything may pass now, without taking it. */
  has(key: string, now: number): boolean {
    return this.#burst === 0 || this.#bucketOf(key, now).tokens >= 1;
  }

  #bucketOf(key: string, now: number): Bucket {
    const bucket = this.#buckets.get(key) ?? { tokens: this.#burst, refilledAt: now };
    bucket.tokens = Math.min(this.#burst, bucket.tokens + (now - bucket.refilledAt) * this.#perMs);
    bucket.refilledAt = now;
    // Last used stands last: the front of the map is what may go.
    this.#buckets.delete(key);
    this.#buckets.set(key, bucket);
    if (this.#buckets.size > this.#entriesMax) this.#shrink(now);
    return bucket;
  }

  #shrink(now: number): void {
    for (const [key, { tokens, refilledAt }] of this.#buckets) {
      const isFull = tokens + (now - refilledAt) * this.#perMs >= this.#burst;
      if (!isFull && this.#buckets.size <= this.#entriesMax) return;
      this.#buckets.delete(key);
    }
  }
}
