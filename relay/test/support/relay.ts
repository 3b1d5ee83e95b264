import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Device } from '@0k-sync/testkit/author';
import { crypto, random } from '@0k-sync/testkit/crypto';
import { RawClient, type RawClientConfig } from '@0k-sync/testkit/raw';
import { VirtualClock } from '@0k-sync/testkit/time';
import type { Address } from '@0k-sync/transport';
import { MemoryNetwork } from '@0k-sync/transport/memory';
import type { Test } from 'tap';
import { createRelay, type Relay } from '../../src/app.ts';
import { readConfig } from '../../src/config/read.ts';
import type { Config } from '../../src/config/sections.ts';
import type { RelayObserver } from '../../src/observe/observer.ts';

/** Sections of relay.toml. */
export type Sections = Record<string, Record<string, unknown>>;

export interface Counts {
  readonly refused: string[];
  readonly turnedAway: string[];
  readonly ended: (string | undefined)[];
  connections: number;
  sessions: number;
}

export function observe(counts: Counts): RelayObserver {
  return {
    connected: () => {
      counts.connections += 1;
    },
    turnedAway: (error) => void counts.turnedAway.push(error),
    disconnected: (error) => {
      counts.connections -= 1;
      counts.ended.push(error);
    },
    sessionOpened: () => {
      counts.sessions += 1;
    },
    sessionClosed: () => {
      counts.sessions -= 1;
    },
    acknowledged: () => {},
    delivered: () => {},
    refused: (error) => void counts.refused.push(error),
    committed: () => {},
    storageFailed: () => {},
    storageRecovered: () => {},
  };
}

/** A relay whose network and time are virtual; everything else is real. */
export class TestRelay {
  readonly relay: Relay;
  readonly config: Config;
  readonly clock: VirtualClock;
  readonly network = new MemoryNetwork();
  readonly counts: Counts;
  target: Address = { host: 'relay', port: 0 };

  private constructor(relay: Relay, config: Config, clock: VirtualClock, counts: Counts) {
    this.relay = relay;
    this.config = config;
    this.clock = clock;
    this.counts = counts;
  }

  /** Starts a relay, which closes with the test. Its directory is removed then, unless the test keeps one. */
  static async start(t: Test, sections: Sections = {}, kept?: string): Promise<TestRelay> {
    const directory = kept ?? mkdtempSync(join(tmpdir(), '0k-relay-test-'));
    const counts: Counts = { refused: [], turnedAway: [], ended: [], connections: 0, sessions: 0 };
    const storage = { directory, ...sections['storage'] };
    const server = { address: 'relay', ...sections['server'] };
    const config = readConfig({ ...sections, storage, server }, [], 'test');
    const clock = new VirtualClock();
    const relay = await createRelay(config, { crypto, random, clock, observer: observe(counts) });
    const test = new TestRelay(relay, config, clock, counts);
    test.target = await relay.listen(test.network.transport('relay'));
    t.teardown(async () => {
      await test.close();
      if (kept === undefined) rmSync(directory, { recursive: true });
    });
    return test;
  }

  /** Closes the relay, after the time that it grants to clients that ignore GoAway. */
  async close(): Promise<void> {
    const closed = this.relay.close();
    await this.clock.advance(this.config.server.drain_ms);
    await closed;
  }

  /** Connects a peer from a host of that name, after its handshake. The peer's waits have no deadline. */
  connect(host = '192.0.2.1', options: RawClientConfig = {}): Promise<RawClient> {
    const patient = { patienceMs: Number.POSITIVE_INFINITY, ...options };
    return RawClient.connect(this.network.transport(host), this.target, patient);
  }

  /** Connects a peer and lets it in. */
  async member(device: Device, host = '192.0.2.1'): Promise<RawClient> {
    const client = await this.connect(host);
    await client.hello(device);
    return client;
  }
}
