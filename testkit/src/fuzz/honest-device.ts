import { PushStatus } from '@0k-sync/generated/wire/frame';
import { Device } from '../author/index.ts';
import type { RawClient } from '../raw/index.ts';
import type { Connect } from './attacker.ts';

/** Every so many envelopes the device connects anew and reads what it has pushed since. */
const RECONNECT_AFTER = 10;

/** A device that asks for nothing but what every device may ask for, and gets it. */
export class HonestDevice {
  readonly #connect: Connect;
  readonly #device = new Device();
  #client: RawClient;
  /** The cursor up to which it has read, and H there. */
  #after = 0;
  #hash: Uint8Array = new Uint8Array(0);
  /** Envelopes that were acknowledged. */
  served = 0;

  private constructor(connect: Connect, client: RawClient) {
    this.#connect = connect;
    this.#client = client;
  }

  /** Enrols a device in a group of its own. */
  static async enter(connect: Connect): Promise<HonestDevice> {
    const client = await connect();
    const honest = new HonestDevice(connect, client);
    await client.hello(honest.#device);
    return honest;
  }

  /** Pushes one envelope, which gets the next cursor, and reads all of them now and then. Rejects otherwise. */
  async isServed(): Promise<void> {
    const { results } = await this.#client.push(this.#device.items(1));
    const [result] = results;
    const cursor = this.served + 1;
    if (result?.status !== PushStatus.PUSH_STATUS_ACCEPTED || result.cursor !== BigInt(cursor)) {
      throw new Error(`envelope ${cursor} got status ${result?.status}, cursor ${result?.cursor}`);
    }
    this.served = cursor;
    if (this.served % RECONNECT_AFTER === 0) await this.#readAnew();
  }

  leave(): Promise<void> {
    return this.#client.close();
  }

  async #readAnew(): Promise<void> {
    await this.leave();
    this.#client = await this.#connect();
    await this.#client.hello(this.#device);
    const segment = await this.#client.pullSegment(this.#after, this.#hash);
    const isWhole = segment.next === BigInt(this.served) && segment.envelopes.length === this.served - this.#after;
    if (!isWhole) throw new Error(`it reads ${segment.envelopes.length} envelopes after ${this.#after}`);
    this.#after = this.served;
    this.#hash = this.#device.previous;
  }
}
