import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fromHex } from '@0k-sync/core/bytes';
import type { RawClient } from '@0k-sync/testkit/raw';
import type { Address } from '@0k-sync/transport';
import { Failed, Unproven } from '../../model.ts';
import type { Members } from '../../zkcp/protocol.ts';
import { paces } from '../paces.ts';
import { RelayScene } from './scene.ts';
import type { RelayAdapter, RelayTarget } from './target.ts';

/** From the request to a relay that listens, ms: building may be part of it. */
const OPEN_MS = 60_000;
const ACTION_MS = 60_000;

/** Of relays that are open; those that are left go with this process. */
const directories = new Set<string>();
process.once('exit', () => {
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
});

/** A relay that an adapter has opened for one scenario or for a run. */
export class OpenRelay {
  readonly #adapter: RelayAdapter;
  readonly #handle: string;
  readonly #directory: string;
  #target: RelayTarget;

  private constructor(adapter: RelayAdapter, directory: string, opened: Members, target: RelayTarget) {
    this.#adapter = adapter;
    this.#directory = directory;
    this.#handle = String(opened['handle']);
    this.#target = target;
  }

  /** Opens a relay with the settings of zkcp.md in an empty directory. */
  static async open(adapter: RelayAdapter, config: Members = {}, base?: Partial<RelayTarget>): Promise<OpenRelay> {
    const directory = await mkdtemp(join(tmpdir(), '0k-conformance-relay-'));
    directories.add(directory);
    const opened = await ask(adapter, 'open', { role: 'relay', dir: directory, config }, OPEN_MS);
    const target = {
      ...base,
      adapter,
      address: addressOf(opened['endpoint']),
      nodeId: bytesOf(opened['node_id'], 'node_id'),
      kemHash: opened['kem_hash'] === undefined ? undefined : bytesOf(opened['kem_hash'], 'kem_hash'),
      createsGroups: (config['creation'] ?? 'open') === 'open',
      accessToken: config['access_token'] === undefined ? undefined : String(config['access_token']),
    };
    return new OpenRelay(adapter, directory, opened, target);
  }

  get target(): RelayTarget {
    return this.#target;
  }

  /** The folder of its files. */
  get directory(): string {
    return this.#directory;
  }

  /** Stops it with that signal and starts it again on the same data. */
  async restart(signal: 'KILL' | 'TERM'): Promise<void> {
    const { endpoint } = await this.#do('restart', { signal });
    this.#target = { ...this.#target, address: addressOf(endpoint) };
  }

  stats(): Promise<Members> {
    return this.#do('stats', {});
  }

  /** One retention sweep. */
  async gc(): Promise<void> {
    await this.#do('gc', {});
  }

  async close(): Promise<void> {
    await ask(this.#adapter, 'close', { handle: this.#handle }, ACTION_MS);
    await rm(this.#directory, { recursive: true, force: true });
    directories.delete(this.#directory);
  }

  #do(action: string, args: Members): Promise<Members> {
    const request = { handle: this.#handle, action, args, deadline_ms: ACTION_MS };
    return ask(this.#adapter, 'do', request, ACTION_MS + OPEN_MS);
  }
}

/** A relay that scenarios use one after the other: starting one costs a second or two. */
interface Shared {
  readonly relay: Promise<OpenRelay>;
  /** Settles when whoever has it is done. */
  turn: Promise<void>;
}

/** By settings and slot. They end with their adapter. */
const pools = new WeakMap<RelayAdapter, Map<string, Shared>>();

/**
 * A relay of the implementation under test with other settings, for this scene alone until it is over; unproven without
 * an adapter. `slot` keeps apart what should not wait for each other. After a failure the next one gets a new relay.
 */
export async function openRelay(scene: RelayScene, config: Members = {}, slot = ''): Promise<OpenRelay> {
  const { adapter, transport } = scene.target;
  if (adapter === undefined) throw new Unproven('only an adapter can open a relay with other settings');
  const pool = pools.get(adapter) ?? new Map<string, Shared>();
  pools.set(adapter, pool);
  const key = `${JSON.stringify(config)} ${slot}`;
  for (let known = pool.get(key); known !== undefined; known = pool.get(key)) {
    const { turn } = known;
    await turn;
    if (pool.get(key) === known && known.turn === turn) return take(scene, pool, key, known);
  }
  const shared = { relay: OpenRelay.open(adapter, config, { transport }), turn: Promise.resolve() };
  pool.set(key, shared);
  return take(scene, pool, key, shared);
}

function take(scene: RelayScene, pool: Map<string, Shared>, key: string, shared: Shared): Promise<OpenRelay> {
  const { promise, resolve } = Promise.withResolvers<void>();
  shared.turn = promise;
  scene.later(async () => {
    if (scene.hasFailed) {
      pool.delete(key);
      await shared.relay.then((relay) => relay.close()).catch(() => {});
    }
    resolve();
  });
  return shared.relay;
}

/** A scene on what such a relay is now, which is over with the one that opened it. */
export function innerScene(scene: RelayScene, relay: OpenRelay): RelayScene {
  const inner = new RelayScene(relay.target);
  scene.later(() => inner.close());
  return inner;
}

/** A relay with other settings, and a scene on it. */
export async function openScene(
  scene: RelayScene,
  config: Members,
  slot?: string,
): Promise<{ readonly inner: RelayScene; readonly relay: OpenRelay }> {
  const relay = await openRelay(scene, config, slot);
  return { inner: innerScene(scene, relay), relay };
}

/** Reads again until everything up to a cursor has expired; the relay's clock decides when. */
export async function untilExpired(client: RawClient, cursor: number): Promise<void> {
  for (const pauseMs of paces(ACTION_MS)) {
    const { segment } = await client.pull();
    if (segment !== undefined && segment.removedThrough >= BigInt(cursor)) return;
    await pause(pauseMs);
  }
  throw new Failed('a reader', `nothing up to cursor ${cursor}: it has expired`, 'something');
}

async function ask(adapter: RelayAdapter, cmd: string, members: Members, deadlineMs: number): Promise<Members> {
  const answer = await adapter.ask(cmd, members, deadlineMs);
  if ('ok' in answer) return answer.ok;
  throw new Unproven(`the adapter's answer to ${cmd} is ${JSON.stringify(answer)}`);
}

/** `host:port`, IPv6 in brackets. */
function addressOf(endpoint: unknown): Address {
  const parts = /^\[?(?<host>[^\]]+?)\]?:(?<port>\d+)$/.exec(String(endpoint))?.groups;
  if (parts === undefined) throw new Unproven(`the adapter's endpoint is ${JSON.stringify(endpoint)}`);
  return { host: String(parts['host']), port: Number(parts['port']) };
}

function bytesOf(value: unknown, name: string): Uint8Array {
  const bytes = fromHex(String(value));
  if (bytes?.length !== 32) throw new Unproven(`the adapter's ${name} is ${JSON.stringify(value)}`);
  return bytes;
}
