import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Message, type SyncEvents, SyncSession, type SyncSessionOptions } from '@0k-sync/client/node';
import { createRelay, type Relay, type RelayObserver, readConfig } from '@0k-sync/relay';
import { crypto, random } from '@0k-sync/testkit/crypto';
import { systemClock } from '@0k-sync/testkit/time';
import type { Transport } from '@0k-sync/transport';
import { MemoryNetwork } from '@0k-sync/transport/memory';
import { QuicTransport } from '@0k-sync/transport/quic';
import type { Test } from 'tap';

/** The network that carries the bytes between a relay and its clients. */
export interface Wire {
  readonly name: string;
  readonly relayHost: string;
  readonly relaySide: Transport;
  readonly clientSide: Transport;
}

export function memoryWire(): Wire {
  const network = new MemoryNetwork();
  return {
    name: 'memory',
    relayHost: 'relay',
    relaySide: network.transport('relay'),
    clientSide: network.transport('192.0.2.1'),
  };
}

export function quicWire(): Wire {
  const transport = new QuicTransport();
  return { name: 'quic', relayHost: '127.0.0.1', relaySide: transport, clientSide: transport };
}

const SILENT: RelayObserver = {
  connected: () => {},
  turnedAway: () => {},
  disconnected: () => {},
  sessionOpened: () => {},
  sessionClosed: () => {},
  acknowledged: () => {},
  delivered: () => {},
  refused: () => {},
  committed: () => {},
  storageFailed: () => {},
  storageRecovered: () => {},
};

/** A real relay and real clients, with everything on disk, in one process. */
export class Setting {
  readonly wire: Wire;
  readonly #directory: string;
  readonly #sections: Readonly<Record<string, Record<string, unknown>>>;
  readonly #sessions = new Set<SyncSession>();
  #relay: Relay | undefined;
  #port = 0;

  private constructor(wire: Wire, directory: string, sections: Readonly<Record<string, Record<string, unknown>>>) {
    this.wire = wire;
    this.#directory = directory;
    this.#sections = sections;
  }

  /** Everything is closed with the test. `sections`: those of relay.toml. */
  static async create(
    test: Test,
    wire: Wire,
    sections: Readonly<Record<string, Record<string, unknown>>> = {},
  ): Promise<Setting> {
    const setting = new Setting(wire, test.testdir(), sections);
    test.teardown(() => setting.close());
    await setting.startRelay();
    return setting;
  }

  /** `host:port` of the relay; the same after a restart. */
  get address(): string {
    return `${this.wire.relayHost}:${this.#port}`;
  }

  async startRelay(): Promise<void> {
    const directory = join(this.#directory, 'relay');
    mkdirSync(directory, { recursive: true });
    const server = { address: this.wire.relayHost, port: this.#port, drain_ms: 200 };
    const document = { ...this.#sections, storage: { directory }, server, log: { level: 'silent' } };
    const config = readConfig(document, [], 'test');
    this.#relay = await createRelay(config, { crypto, random, clock: systemClock, observer: SILENT });
    ({ port: this.#port } = await this.#relay.listen(this.wire.relaySide));
  }

  async stopRelay(): Promise<void> {
    await this.#relay?.close();
    this.#relay = undefined;
  }

  /** A device with its own directory; the same name is the same device again. */
  async device(name: string, options: SyncSessionOptions = {}): Promise<SyncSession> {
    const dataDir = join(this.#directory, name);
    const transport = this.wire.clientSide;
    const session = await SyncSession.new(undefined, [this.address], {
      dataDir,
      transport,
      deviceName: name,
      ...options,
    });
    this.#sessions.add(session);
    return session;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#sessions].map((session) => session.close()));
    await this.stopRelay();
  }
}

/** The next event of a name that fits. */
export function once<Name extends keyof SyncEvents>(
  session: SyncSession,
  name: Name,
  fits: (event: SyncEvents[Name]) => boolean = () => true,
): Promise<SyncEvents[Name]> {
  return new Promise((resolve) => {
    const stop = session.on(name, (event) => {
      if (!fits(event)) return;
      stop();
      resolve(event);
    });
  });
}

/** The next message of a stream. */
export async function next(messages: AsyncGenerator<Message>): Promise<Message | undefined> {
  const { value } = await messages.next();
  return value as Message | undefined;
}
