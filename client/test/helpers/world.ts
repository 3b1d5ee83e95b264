import { createNodeCrypto, nodeRandom } from '@0k-sync/core/crypto/node';
import { MemoryNetwork } from '@0k-sync/transport/memory';
import type { Test } from 'tap';
import {
  MemoryStore,
  type Message,
  type Store,
  type SyncEvents,
  SyncSession,
  type SyncSessionOptions,
} from '../../src/index.ts';
import { ScriptedRelay } from './scripted-relay.ts';
import { settle, VirtualClock } from './virtual-clock.ts';

const crypto = await createNodeCrypto();

/** Names of all events, to record them. */
const EVENTS = [
  'acknowledged',
  'refused',
  'received',
  'rejected',
  'gap',
  'fork',
  'rolled-back',
  'expired',
  'member-joined',
  'relay-key-changed',
] as const;

export interface Recorded {
  readonly name: keyof SyncEvents;
  readonly event: unknown;
}

/** A device in a test: its session, its store, and what was reported. */
export interface TestDevice {
  readonly session: SyncSession;
  readonly store: Store;
  readonly events: Recorded[];
  named(name: keyof SyncEvents): unknown[];
}

/** A network, a clock, one relay, and devices, all in memory. */
export class World {
  readonly clock = new VirtualClock();
  readonly network = new MemoryNetwork();
  readonly crypto = crypto;
  readonly random = nodeRandom;
  readonly relay: ScriptedRelay;
  readonly #open: SyncSession[] = [];

  constructor() {
    const transport = this.network.transport('relay');
    this.relay = new ScriptedRelay({ crypto, random: nodeRandom, clock: this.clock, transport });
  }

  /** A world whose relay listens; everything is closed when the test ends. */
  static async create(test: Test): Promise<World> {
    const world = new World();
    await world.relay.listen();
    test.teardown(() => world.close());
    return world;
  }

  options(store: Store, options: Partial<SyncSessionOptions> = {}): SyncSessionOptions {
    const { clock, random, network } = this;
    return { transport: network.transport('device'), crypto, random, clock, store, ...options };
  }

  async open(options: Partial<SyncSessionOptions> = {}, relays = ['relay:4433']): Promise<TestDevice> {
    const store = options.store ?? new MemoryStore();
    const session = await SyncSession.new(undefined, relays, this.options(store, options));
    this.#open.push(session);
    const events: Recorded[] = [];
    for (const name of EVENTS) session.on(name, (event: unknown) => events.push({ name, event }));
    const named = (name: keyof SyncEvents) => events.filter((entry) => entry.name === name).map(({ event }) => event);
    return { session, store, events, named };
  }

  /** Two devices of one group, at rest. */
  async pair(options: Partial<SyncSessionOptions> = {}): Promise<readonly [TestDevice, TestDevice]> {
    const ann = await this.open({ deviceName: 'Ann', ...options });
    const bob = await this.open({ deviceName: 'Bob', ...options });
    await bob.session.pairJoin(await ann.session.pair());
    await settle();
    return [ann, bob];
  }

  /** Closes a session and opens its store again, as another process would. */
  async reopen(device: TestDevice, options: Partial<SyncSessionOptions> = {}): Promise<TestDevice> {
    await device.session.close();
    return await this.open({ ...options, store: device.store });
  }

  async close(): Promise<void> {
    await Promise.all(this.#open.map((session) => session.close()));
    await this.relay.stop();
  }
}

/** What messages say. */
export function texts(messages: readonly Message[]): readonly (string | Uint8Array)[] {
  return messages.map(({ content }) => content);
}
