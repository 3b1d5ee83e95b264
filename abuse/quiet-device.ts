import { setTimeout as delay } from 'node:timers/promises';
import { envelopeHash } from '@0k-sync/core/envelope';
import { Device } from '@0k-sync/testkit/author';
import { crypto } from '@0k-sync/testkit/crypto';
import type { RawClient } from '@0k-sync/testkit/raw';
import type { Address } from '@0k-sync/transport';
import { enter } from './stranger.ts';

const PUSH_EVERY_MS = 50;
const CONNECT_EVERY_MS = 1000;

/** The figures of a quiet device since it was asked last. */
export interface Seen {
  /** Time from each push to its acknowledgement, ms. */
  readonly latencies: readonly number[];
  /** Time of each connect up to HelloAck, ms. */
  readonly connects: readonly number[];
  /** Connects and pushes that failed, by their message. */
  readonly failures: readonly string[];
}

/** A device of a group of its own that pushes a little and connects now and then, beside whatever else the relay has to do. */
export class QuietDevice {
  readonly #relay: Address;
  readonly #device = new Device();
  #latencies: number[] = [];
  #connects: number[] = [];
  #failures: string[] = [];
  /** Envelopes that the relay acknowledged. */
  #acknowledged = 0;
  #isDone = false;

  constructor(relay: Address) {
    this.#relay = relay;
  }

  /** Pushes and connects until `finish`. */
  async run(): Promise<void> {
    await Promise.all([this.#pushes(), this.#connectsNowAndThen()]);
  }

  /** The figures since the last call. */
  take(): Seen {
    const seen = { latencies: this.#latencies, connects: this.#connects, failures: this.#failures };
    [this.#latencies, this.#connects, this.#failures] = [[], [], []];
    return seen;
  }

  /** Ends its work and reads the log. @returns envelopes that were acknowledged and are not there */
  async finish(): Promise<number> {
    this.#isDone = true;
    const reader = await enter(this.#relay, this.#device);
    let [after, hasMore] = [0, true];
    let hash: Uint8Array = new Uint8Array(0);
    while (hasMore) {
      const page = await reader.pull(after, hash);
      after = Number(page.segment?.next ?? 0n);
      const last = page.segment?.envelopes.at(-1);
      if (last !== undefined) hash = envelopeHash(crypto, last);
      hasMore = page.hasMore;
    }
    await reader.close();
    return Math.max(0, this.#acknowledged - after);
  }

  async #pushes(): Promise<void> {
    let client: RawClient | undefined;
    while (!this.#isDone) {
      const begun = performance.now();
      try {
        client ??= await enter(this.#relay, this.#device);
        await this.#pushOne(client);
      } catch (error) {
        this.#failures.push(`push: ${String(error)}`);
        await client?.close();
        client = undefined;
      }
      await delay(Math.max(0, PUSH_EVERY_MS - (performance.now() - begun)));
    }
    await client?.close();
  }

  async #pushOne(client: RawClient): Promise<void> {
    const { envelope } = this.#device.seal('quiet');
    const begun = performance.now();
    const { results } = await client.push([{ envelope, skip: false }]);
    this.#latencies.push(performance.now() - begun);
    if (results[0]?.error) throw new Error(results[0].error.detail);
    this.#acknowledged += 1;
  }

  async #connectsNowAndThen(): Promise<void> {
    const device = this.#device.sibling();
    while (!this.#isDone) {
      const begun = performance.now();
      try {
        const client = await enter(this.#relay, device);
        this.#connects.push(performance.now() - begun);
        await client.close();
      } catch (error) {
        this.#failures.push(`connect: ${String(error)}`);
      }
      await delay(Math.max(0, CONNECT_EVERY_MS - (performance.now() - begun)));
    }
  }
}
