import { errors } from '@0k-sync/generated/errors';
import { patterns } from '@0k-sync/generated/patterns';
import type { Connection, Listener, Transport } from '@0k-sync/transport';
import { RelayConnection } from './connection/connection.ts';
import { addressKey } from './limits/address-key.ts';
import type { SharedDeps } from './shared/deps.ts';

/** Connections that may arrive while others make room for them. */
const ARRIVALS_MAX = 256;

/** All connections of a relay on one listener. */
export class DataPlane {
  readonly #shared: SharedDeps;
  readonly #connections = new Set<RelayConnection>();
  #listener: Listener | undefined;
  #draining = false;

  constructor(shared: SharedDeps) {
    this.#shared = shared;
  }

  get connections(): number {
    return this.#connections.size;
  }

  /** Starts to listen. @returns the address with the real port. Rejects with TransportError. */
  async listen(transport: Transport): Promise<{ readonly host: string; readonly port: number }> {
    const { address: host, port } = this.#shared.config.server;
    const { unread_bytes_max, connections_max } = this.#shared.config.limits;
    this.#listener = await transport.listen(
      {
        host,
        port,
        alpns: [patterns.hybrid.alpn, patterns.classical.alpn],
        limits: {
          streamsMax: 1,
          unreadBytesMax: unread_bytes_max,
          // A new connection arrives before the one that gives it its place is gone. RL-61.
          connectionsMax: connections_max + ARRIVALS_MAX,
          code: errors.RESOURCES_EXCEEDED.number,
        },
      },
      (connection) => this.#accept(connection),
    );
    return { host: this.#listener.host, port: this.#listener.port };
  }

  /**
   * Sends GoAway to all, waits until begun requests are finished or `drain_ms` passed, and closes the listener. RL-67.
   */
  async drain(): Promise<void> {
    this.#draining = true;
    const ended = Promise.all([...this.#connections].map((connection) => connection.ended));
    for (const connection of this.#connections) connection.shutdown();
    const { promise: overdue, resolve } = Promise.withResolvers<void>();
    const cancel = this.#shared.clock.after(this.#shared.config.server.drain_ms, resolve);
    await Promise.race([ended, overdue]);
    cancel();
    await this.#listener?.close();
  }

  #accept(connection: Connection): void {
    const { admission, clock, observer } = this.#shared;
    const place = this.#draining
      ? 'RELAY_SHUTTING_DOWN'
      : admission.enter(addressKey(connection.remote.host), clock.monotonic());
    if (typeof place === 'string') {
      observer.turnedAway(place);
      void connection.close(errors[place].number);
      return;
    }
    observer.connected();
    const relayConnection = new RelayConnection(this.#shared, connection, place);
    this.#connections.add(relayConnection);
    void relayConnection.ended.then(() => this.#connections.delete(relayConnection));
  }
}
