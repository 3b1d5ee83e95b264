import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Address } from '@0k-sync/transport';
import { MemoryNetwork } from '@0k-sync/transport/memory';
import type { Test } from 'tap';
import { createRelay, type Relay } from '../../src/app.ts';
import { readConfig } from '../../src/config/read.ts';
import type { Config } from '../../src/config/sections.ts';
import type { Clock } from '../../src/dataplane/shared/deps.ts';
import type { RelayObserver } from '../../src/observe/observer.ts';
import { RawClient } from './client.ts';
import { crypto, random, type TestDevice } from './device.ts';

const SYSTEM_CLOCK: Clock = { monotonic: () => performance.now(), wall: () => Date.now() };

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
  };
}

/** A relay with everything real but the network. */
export class TestRelay {
  readonly relay: Relay;
  readonly config: Config;
  readonly network = new MemoryNetwork();
  readonly counts: Counts = { refused: [], turnedAway: [], ended: [], connections: 0, sessions: 0 };
  target: Address = { host: 'relay', port: 0 };

  private constructor(relay: Relay, config: Config, counts: Counts) {
    this.relay = relay;
    this.config = config;
    this.counts = counts;
  }

  /** Closed with the test; its directory goes then, unless the test keeps one. */
  static async start(t: Test, sections: Sections = {}, clock = SYSTEM_CLOCK, kept?: string): Promise<TestRelay> {
    const directory = kept ?? mkdtempSync(join(tmpdir(), '0k-relay-test-'));
    const counts: Counts = { refused: [], turnedAway: [], ended: [], connections: 0, sessions: 0 };
    const storage = { directory, ...sections['storage'] };
    const server = { address: 'relay', drain_ms: 200, ...sections['server'] };
    const config = readConfig({ ...sections, storage, server }, [], 'test');
    const relay = await createRelay(config, { crypto, random, clock, observer: observe(counts) });
    const test = new TestRelay(relay, config, counts);
    test.target = await relay.listen(test.network.transport('relay'));
    t.teardown(async () => {
      await relay.close();
      if (kept === undefined) rmSync(directory, { recursive: true });
    });
    return test;
  }

  /** A peer from a host of that name, after its handshake. */
  connect(host = '192.0.2.1', suite: 'hybrid' | 'classical' = 'hybrid'): Promise<RawClient> {
    return RawClient.connect(this.network.transport(host), this.target, suite);
  }

  /** A peer that was let in. */
  async member(device: TestDevice, host = '192.0.2.1'): Promise<RawClient> {
    const client = await this.connect(host);
    await client.hello(device);
    return client;
  }
}
