import { zBase32 } from '@0k-sync/core/bytes';
import { createNodeCrypto, describeMissing, loadAccelerators, nodeRandom } from '@0k-sync/core/crypto/node';
import { TransportError } from '@0k-sync/transport';
import { betweenLooks, isWildcard, localAddresses, QuicTransport } from '@0k-sync/transport/quic';
import type { FastifyInstance } from 'fastify';
import { createRelay, type Relay } from './app.ts';
import type { Config } from './config/sections.ts';
import type { RelayClock } from './dataplane/shared/deps.ts';
import { createAdmin } from './observe/admin-server.ts';
import { openLog } from './observe/log.ts';
import { Metrics } from './observe/metrics.ts';
import { withLog } from './observe/with-log.ts';
import { OperatorFailure } from './operator/failure.ts';
import { describeTrouble } from './store/failures.ts';

const SYSTEM_CLOCK: RelayClock = {
  monotonic: () => performance.now(),
  wall: () => Date.now(),
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};

const REINSTALL = 'run: npm install sodium-native hash-wasm';

/** A relay that listens. */
export interface RunningRelay {
  /** `nodeid.kemhash@host:port` of each address that can be dialled, for the clients' `--relay`; at least one. RL-77. */
  readonly pins: readonly string[];
  /** Opens the log file again, after it was renamed. RL-76. */
  readonly reopenLog: () => void;
  stop(): Promise<void>;
}

/** Starts a relay on QUIC, and its admin port. Rejects with OperatorFailure. */
export async function runRelay(config: Config, version: string): Promise<RunningRelay> {
  const { log, reopen } = openLog(config.log);
  const metrics = new Metrics();
  const observer = withLog(metrics, log);
  const accelerators = await loadAccelerators();
  const missing = describeMissing(accelerators);
  // A relay keeps its keys for years: it runs only on the libraries that compute with them in constant time.
  if (missing !== undefined) throw new OperatorFailure(`a relay needs its native packages: ${missing}`, REINSTALL);
  const environment = {
    crypto: await createNodeCrypto(accelerators),
    random: nodeRandom,
    clock: SYSTEM_CLOCK,
    observer,
    schedule: betweenLooks,
  };
  const relay = await createRelay(config, environment);
  try {
    const state = { listening: false };
    const admin = config.http.enabled ? await listenAdmin(config, relay, metrics, version, state) : undefined;
    const { host, port } = await listenQuic(relay, config);
    state.listening = true;
    const pins = dialableAddresses(config, host, port).map((address) => pinOf(relay, address));
    log.info({ address: formatAddress(host, port), version }, 'relay started');
    return {
      pins,
      reopenLog: reopen,
      stop: async () => {
        state.listening = false;
        log.info({ connections: relay.dataPlane.connections }, 'relay stopping');
        await relay.close();
        await admin?.close();
        log.info('relay stopped');
      },
    };
  } catch (error) {
    await relay.close();
    throw error;
  }
}

async function listenAdmin(
  config: Config,
  relay: Relay,
  metrics: Metrics,
  version: string,
  state: { readonly listening: boolean },
): Promise<FastifyInstance> {
  const { address, port } = config.http;
  metrics.collectProcess();
  const readiness = () => ({
    ready: state.listening && relay.store.failure === undefined,
    reason: state.listening ? describeTrouble(relay.store.failure?.kind ?? 'defect') : 'the relay does not listen',
  });
  const server = await createAdmin(config.http, metrics, readiness, version);
  try {
    await server.listen({ host: address, port });
    return server;
  } catch (cause) {
    await server.close();
    throw new OperatorFailure(
      `the admin port ${formatAddress(address, port)} cannot be used: ${(cause as Error).message}`,
      'stop the program that uses the port, or set http.port to another one',
      { cause },
    );
  }
}

async function listenQuic(relay: Relay, { server }: Config): Promise<{ host: string; port: number }> {
  try {
    return await relay.listen(new QuicTransport());
  } catch (cause) {
    if (!(cause instanceof TransportError)) throw cause;
    throw new OperatorFailure(
      `the relay cannot listen on ${formatAddress(server.address, server.port)}: ${cause.message}`,
      cause.kind === 'address-in-use'
        ? 'stop the program that uses the port, or set server.port to another one'
        : cause.hint,
      { cause },
    );
  }
}

/** The addresses at which clients reach the relay, `host:port`. RL-77. */
function dialableAddresses({ server }: Config, host: string, port: number): readonly string[] {
  if (server.advertise !== '') return [server.advertise];
  return (isWildcard(host) ? localAddresses(host) : [host]).map((each) => formatAddress(each, port));
}

function pinOf({ keys }: Relay, address: string): string {
  return `${zBase32(keys.nodeId)}.${zBase32(keys.kemHash)}@${address}`;
}

function formatAddress(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
