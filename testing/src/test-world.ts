import type { AppTables } from '@0k-sync/client';
import { type CryptoProvider, nobleCrypto, type RandomSource } from '@0k-sync/core/crypto';
import { deterministicRandom } from '@0k-sync/testkit/crypto/deterministic';
import { settle, VirtualClock } from '@0k-sync/testkit/time';
import { type Transport, TransportError } from '@0k-sync/transport';
import { MemoryNetwork } from '@0k-sync/transport/memory';
import { memoryTables } from './memory-tables.ts';
import { TestRelay } from './test-relay.ts';

/** Options of a world. */
export interface TestWorldOptions {
  /** Two worlds with the same seed draw the same random bytes. Default: `0k-sync`. */
  readonly seed?: string;
  /** Computes the primitives. Default: the portable provider, which loads no native code. */
  readonly crypto?: CryptoProvider;
}

/** The options of `openDevice` and `SyncSession.new` that put a device into a world. Add a `store` to open it again. */
export interface TestDeviceOptions {
  readonly name: string;
  readonly deviceName: string;
  readonly transport: Transport;
  readonly crypto: CryptoProvider;
  readonly random: RandomSource;
  readonly clock: VirtualClock;
  /** The app's own tables, empty. */
  readonly tables: AppTables;
}

/**
 * A network with one relay, and a clock that stands still until a test moves it, all in memory. Nothing sleeps: a test
 * takes as long as its computing takes, and gives the same result in every run.
 */
export class TestWorld {
  /** The time of every device and of the relay. Messages need none; retries and deadlines do. */
  readonly clock = new VirtualClock();
  readonly relay: TestRelay;
  readonly #network = new MemoryNetwork();
  readonly #offline = new Set<string>();
  readonly #randoms = new Map<string, RandomSource>();
  readonly #seed: string;
  readonly #crypto: CryptoProvider;

  private constructor({ seed = '0k-sync', crypto = nobleCrypto }: TestWorldOptions) {
    this.#seed = seed;
    this.#crypto = crypto;
    const { clock } = this;
    this.relay = new TestRelay({
      crypto,
      clock,
      random: this.#randomOf('relay'),
      transport: this.#network.transport('relay'),
    });
  }

  /** Makes a world whose relay accepts connections. */
  static async create(options: TestWorldOptions = {}): Promise<TestWorld> {
    const world = new TestWorld(options);
    await world.relay.start();
    return world;
  }

  /** The options of a device of that name. Its random bytes go on where they were when the device is opened again. */
  device(name: string): TestDeviceOptions {
    const random = this.#randomOf(name);
    return {
      name,
      deviceName: name,
      transport: this.#transportOf(name),
      crypto: this.#crypto,
      random,
      clock: this.clock,
      tables: memoryTables(),
    };
  }

  /** Takes a device's network away: its connections are lost, and new ones fail until `goOnline`. */
  goOffline(name: string): void {
    this.#offline.add(name);
    for (const link of this.#network.links.filter(({ from }) => from.host === name)) link.cut();
  }

  /** Gives a device its network back. It connects when its next retry is due, or when it is told to reconnect. */
  goOnline(name: string): void {
    this.#offline.delete(name);
  }

  /** Lets everything under way arrive. Resolves when nothing moves any more unless time passes. */
  settle(): Promise<void> {
    return settle();
  }

  /** Stops the relay. Close the devices before. */
  close(): Promise<void> {
    return this.relay.stop();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #transportOf(name: string): Transport {
    const transport = this.#network.transport(name);
    return {
      listen: (options, accept) => transport.listen(options, accept),
      connect: async (target, options) => {
        if (!this.#offline.has(name)) return await transport.connect(target, options);
        throw new TransportError('failed', `${name} is offline`, `call goOnline('${name}') of its TestWorld`);
      },
    };
  }

  #randomOf(name: string): RandomSource {
    const random = this.#randoms.get(name) ?? deterministicRandom(`${this.#seed}/${name}`);
    this.#randoms.set(name, random);
    return random;
  }
}
