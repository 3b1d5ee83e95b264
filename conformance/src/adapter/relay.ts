import { setTimeout as pause } from 'node:timers/promises';
import { readZBase32, toHex } from '@0k-sync/core/bytes';
import { freeTcpPort, freeUdpPort } from '@0k-sync/testkit/ports';
import { isObject, type Members } from '../zkcp/protocol.ts';
import { Reject, Unsupported } from '../zkcp/serve.ts';
import { Input } from './input.ts';
import { type RelayConfig, type RelayPorts, writeRelayConfig } from './relay-config.ts';
import { RelayProcess } from './relay-process.ts';
import { lastSweepMs, readCounts, readMetrics, readPage } from './relay-stats.ts';
import type { RoleHandle } from './roles.ts';

/** The capabilities that the adapter claims for the role `relay`. */
export const relayCapabilities: readonly string[] = ['relay', 'restart', 'stats', 'gc', 'disclose'];

/** The pages of the admin port. */
const ADMIN_PAGES = ['health', 'ready', 'metrics'] as const;

/** Interval between two looks at the relay's record of its sweeps, ms. */
const POLL_MS = 50;

/** The TypeScript relay, as its program, in a directory of its own. */
class RelayHandle implements RoleHandle {
  readonly #directory: string;
  readonly #config: RelayConfig;
  #process: RelayProcess;
  readonly #ports: RelayPorts;

  constructor(directory: string, config: RelayConfig, process: RelayProcess, admin: number) {
    this.#directory = directory;
    this.#config = config;
    this.#process = process;
    this.#ports = { quic: process.port, admin };
  }

  get opened(): Members {
    const { nodeId, kemHash } = this.#process;
    return { endpoint: this.#endpoint, node_id: hexOf(nodeId), kem_hash: hexOf(kemHash) };
  }

  do(action: string, args: Members, deadlineMs: number): Promise<Members> {
    switch (action) {
      case 'restart':
        return this.#restart(new Input(args).text('signal'));
      case 'stats':
        return this.#stats();
      case 'gc':
        return this.#sweep(deadlineMs);
      case 'disclose':
        return this.#disclose();
      default:
        throw new Unsupported(action);
    }
  }

  observe(): Promise<Members> {
    throw new Unsupported('observe of a relay');
  }

  env(): Promise<Members> {
    throw new Unsupported('env of a relay');
  }

  close(): Promise<void> {
    return this.#process.end('SIGKILL');
  }

  get #endpoint(): string {
    return `${this.#process.host}:${this.#process.port}`;
  }

  async #restart(signal: string): Promise<Members> {
    if (signal !== 'KILL' && signal !== 'TERM') throw new TypeError(`signal ${signal}`);
    await this.#process.end(`SIG${signal}`);
    this.#process = await RelayProcess.start(writeRelayConfig(this.#directory, this.#config, this.#ports));
    return { endpoint: this.#endpoint };
  }

  async #stats(): Promise<Members> {
    const metrics = await readMetrics(this.#ports.admin);
    const residentBytes = metrics.get('process_resident_memory_bytes');
    return {
      ...readCounts(this.#directory),
      sessions: metrics.get('zerok_sessions') ?? 0,
      ...(residentBytes !== undefined && { resident_bytes: residentBytes }),
    };
  }

  async #disclose(): Promise<Members> {
    const pages = await Promise.all(ADMIN_PAGES.map((page) => readPage(this.#ports.admin, page)));
    return { texts: Object.fromEntries(ADMIN_PAGES.map((page, index) => [page, pages[index]])) };
  }

  /** The relay sweeps every second when something expires; this waits for a sweep that began after now. */
  async #sweep(deadlineMs: number): Promise<Members> {
    if (this.#config.expire_ms === undefined) return { removed: 0 };
    const before = readCounts(this.#directory).envelopes;
    const askedMs = Date.now();
    while (lastSweepMs(this.#directory) < askedMs) {
      if (Date.now() - askedMs > deadlineMs) throw new Reject('resource.limit', undefined, 'no sweep ran in time');
      await pause(POLL_MS);
    }
    return { removed: Math.max(0, before - readCounts(this.#directory).envelopes) };
  }
}

/** Starts the relay's program. */
export async function openRelay(request: Members): Promise<RoleHandle> {
  const directory = new Input(request).text('dir');
  const config = isObject(request['config']) ? (request['config'] as RelayConfig) : {};
  const [quic, admin] = [await freeUdpPort(), await freeTcpPort()];
  const path = writeRelayConfig(directory, config, { quic, admin });
  return new RelayHandle(directory, config, await RelayProcess.start(path), admin);
}

function hexOf(text: string): string {
  return toHex(readZBase32(text) ?? new Uint8Array(0));
}
