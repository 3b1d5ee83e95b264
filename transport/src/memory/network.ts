import { TransportError } from '../error.ts';
import { resolveLimits } from '../limits.ts';
import type { Address, Connection, ConnectOptions, Listener, ListenOptions, PeerLimits, Transport } from '../port.ts';
import { MemoryConnection } from './connection.ts';
import { Lane, type Schedule } from './lane.ts';
import { MemoryLink } from './link.ts';

/** The settings of a network. */
export interface MemoryNetworkConfig {
  /**
   * Runs every delivery, and the end of every turn in which something was written: one write takes two turns to arrive.
   * Default: `queueMicrotask`. Pass a queue of your own for virtual time. It must keep the order, and run a task only
   * after the call that adds it.
   */
  readonly schedule?: Schedule;
  /** The longest piece in which bytes reach a handler; 1 is byte by byte. Default: each write arrives whole. */
  readonly segmentBytes?: number;
}

interface MemoryListener {
  readonly alpns: readonly string[];
  readonly limits: PeerLimits;
  readonly connections: Set<MemoryConnection>;
  readonly accept: (connection: Connection) => void;
}

const FIRST_EPHEMERAL_PORT = 49_152;

/** A network inside the process: asynchronous and deterministic. Hosts are names without meaning. */
export class MemoryNetwork {
  readonly #schedule: Schedule;
  readonly #segmentBytes: number;
  readonly #listeners = new Map<string, MemoryListener>();
  readonly #links = new Set<MemoryLink>();
  #nextPort = FIRST_EPHEMERAL_PORT;

  constructor(options: MemoryNetworkConfig = {}) {
    this.#schedule = options.schedule ?? queueMicrotask;
    this.#segmentBytes = options.segmentBytes ?? Number.POSITIVE_INFINITY;
    if (!(this.#segmentBytes >= 1)) throw new RangeError(`segmentBytes: ${this.#segmentBytes} is less than 1`);
  }

  /** Live connections in the order they were made. */
  get links(): readonly MemoryLink[] {
    return [...this.#links];
  }

  /** Returns the network as the host of that name sees it. */
  transport(host = 'localhost'): Transport {
    return {
      connect: (target, options) => this.#connect(host, target, options),
      listen: (options, accept) => this.#listen(options, accept),
    };
  }

  #connect(host: string, target: Address, options: ConnectOptions): Promise<Connection> {
    const { promise, resolve, reject } = Promise.withResolvers<Connection>();
    const abort = () => reject(aborted(options.signal?.reason));
    if (options.signal?.aborted) abort();
    options.signal?.addEventListener('abort', abort, { once: true });
    this.#schedule(() => {
      options.signal?.removeEventListener('abort', abort);
      if (options.signal?.aborted) return;
      const listener = this.#listeners.get(keyOf(target));
      if (!listener || listener.connections.size >= listener.limits.connectionsMax) {
        reject(
          new TransportError('refused', `nothing accepts connections at ${keyOf(target)}`, 'start a listener there'),
        );
      } else if (!listener.alpns.includes(options.alpn)) {
        reject(
          new TransportError('alpn', `${keyOf(target)} does not speak ${options.alpn}`, 'offer a version it speaks'),
        );
      } else {
        resolve(this.#join({ host, port: this.#takePort() }, target, resolveLimits(options.limits), listener));
      }
    });
    return promise;
  }

  #join(from: Address, to: Address, limits: PeerLimits, listener: MemoryListener): Connection {
    const end = (remote: Address, own: PeerLimits) =>
      new MemoryConnection({
        remote,
        limits: own,
        lane: new Lane(this.#schedule),
        schedule: this.#schedule,
        segmentBytes: this.#segmentBytes,
      });
    const dialer = end(to, limits);
    const accepted = end(from, listener.limits);
    MemoryConnection.join(dialer, accepted);
    const link = new MemoryLink(from, dialer, accepted);
    this.#links.add(link);
    listener.connections.add(accepted);
    accepted.closed.then(() => listener.connections.delete(accepted));
    Promise.all([dialer.closed, accepted.closed]).then(() => this.#links.delete(link));
    listener.accept(accepted);
    return dialer;
  }

  async #listen(options: ListenOptions, accept: (connection: Connection) => void): Promise<Listener> {
    const address = { host: options.host, port: options.port === 0 ? this.#takePort() : options.port };
    const key = keyOf(address);
    if (this.#listeners.has(key)) {
      throw new TransportError('address-in-use', `${key} is taken`, 'choose another port, or 0 for any free one');
    }
    const connections = new Set<MemoryConnection>();
    const listener = { alpns: [...options.alpns], limits: resolveLimits(options.limits), connections, accept };
    this.#listeners.set(key, listener);
    return {
      ...address,
      close: async () => {
        if (this.#listeners.get(key) === listener) this.#listeners.delete(key);
        await Promise.all([...connections].map((connection) => connection.close(0, 'listener closed')));
      },
    };
  }

  #takePort(): number {
    const port = this.#nextPort;
    this.#nextPort += 1;
    return port;
  }
}

function keyOf(address: Address): string {
  return address.host.includes(':') ? `[${address.host}]:${address.port}` : `${address.host}:${address.port}`;
}

function aborted(cause: unknown): TransportError {
  return new TransportError('aborted', 'connecting was aborted', 'connect again when the peer is wanted', cause);
}
