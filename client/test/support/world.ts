import { equal } from '@0k-sync/core/bytes';
import { EpochKeys } from '@0k-sync/core/group';
import { Device, Group } from '@0k-sync/testkit/author';
import { crypto, random } from '@0k-sync/testkit/crypto';
import { ScriptedRelay } from '@0k-sync/testkit/relay';
import { settle, VirtualClock } from '@0k-sync/testkit/time';
import { MemoryNetwork } from '@0k-sync/transport/memory';
import type { Test } from 'tap';
import {
  type Change,
  type Device as ClientDevice,
  type DeviceOptions,
  MemoryDeviceStore,
  MemoryStore,
  type Message,
  openDevice,
  type Store,
  type SyncEvents,
  SyncSession,
  type SyncSessionOptions,
} from '../../src/index.ts';

/** The address of the world's relay. */
const RELAY = { host: 'relay', port: 4433 };

/** Longer than a session waits for the answer to its Bye, ms. */
const LEAVE_MS = 3000;

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
  'expiring',
  'withheld',
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
  readonly random = random;
  readonly relay: ScriptedRelay;
  readonly #open: { close(): Promise<void> }[] = [];

  constructor() {
    const transport = this.network.transport('relay');
    this.relay = new ScriptedRelay({ crypto, random, clock: this.clock, transport });
  }

  /** A world whose relay listens; everything is closed when the test ends. */
  static async create(test: Test): Promise<World> {
    const world = new World();
    await world.listen();
    test.teardown(() => world.close());
    return world;
  }

  /** Lets the relay listen, for the first time or again after `relay.stop()`. */
  async listen(): Promise<void> {
    await this.relay.listen(RELAY.host, RELAY.port);
  }

  options(store: Store, options: Partial<SyncSessionOptions> = {}): SyncSessionOptions {
    const { clock, random, network } = this;
    return { transport: network.transport('device'), crypto, random, clock, store, ...options };
  }

  /** An empty store. */
  memory(): Store {
    return new MemoryStore();
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

  /** Opens a device with all its groups. */
  async device(options: Partial<DeviceOptions> = {}): Promise<ClientDevice> {
    const { clock, random, network } = this;
    const given = { store: new MemoryDeviceStore(), ...options };
    const device = await openDevice({ transport: network.transport('device'), crypto, random, clock, ...given });
    this.#open.push(device);
    return device;
  }

  /** Closes a device, also one whose relay does not answer. */
  async shutDevice(device: ClientDevice): Promise<void> {
    const closed = device.close();
    await this.clock.advance(LEAVE_MS);
    await closed;
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
    await this.shut(device);
    return await this.open({ ...options, store: device.store });
  }

  /** Closes a session, also one whose relay does not answer. */
  async shut({ session }: TestDevice): Promise<void> {
    const closed = session.close();
    await this.clock.advance(LEAVE_MS);
    await closed;
  }

  /** The device of a session as an author, at the end of its chain. The session is shut. */
  async authorOf(device: TestDevice): Promise<Device> {
    const { seed, group, chains } = await device.store.load();
    const [secret] = group?.epochSecrets ?? [];
    if (seed === undefined || secret === undefined) throw new TypeError('the device has no group');
    await this.shut(device);
    const author = new Device(new Group(new EpochKeys(crypto, secret.secret.slice(), 0)), seed.slice());
    const own = chains.find(({ sender }) => equal(sender, author.keys.deviceKey));
    return own === undefined ? author : Object.assign(author, { sequence: own.sequence, previous: own.hash });
  }

  /** A copy of a device's data as it is now, as a backup makes it. */
  async copyStore(device: TestDevice): Promise<Store> {
    const copy = new MemoryStore();
    const { seed, group, pins, progress, members, chains } = await device.store.load();
    const changes: Change[] = [
      ...(seed === undefined ? [] : [{ kind: 'identity', seed } as const]),
      ...(group === undefined ? [] : [{ kind: 'group', group } as const]),
      ...pins.map((pin) => ({ kind: 'pin', pin }) as const),
      ...progress.map((row) => ({ kind: 'progress', progress: row }) as const),
      ...members.map((member) => ({ kind: 'member', member }) as const),
      ...chains.map((chain) => ({ kind: 'chain', chain }) as const),
    ];
    for (const { sender } of chains) {
      for (const { position: _, ...entry } of await device.store.ownAbove(sender, 0, 1000)) {
        changes.push({ kind: 'accept', entry });
      }
    }
    await copy.commit(changes);
    return copy;
  }

  async close(): Promise<void> {
    const closed = Promise.all(this.#open.map((session) => session.close()));
    await this.clock.advance(LEAVE_MS);
    await closed;
    await this.relay.stop();
  }
}

/** The contents of messages. */
export function texts(messages: readonly Message[]): readonly (string | Uint8Array)[] {
  return messages.map(({ content }) => content);
}
