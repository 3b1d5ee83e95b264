import type { QuicServer, QuicServerSession } from '@currentspace/http3';
import type { Address, Connection, Listener, PeerLimits } from '../port.ts';
import { QuicConnection } from './connection.ts';
import { Place } from './place.ts';
import { Turns } from './turns.ts';
import { WindowWatch } from './window-watch.ts';

/** The settings of a listener, and its handler. */
export interface QuicListenerDeps {
  readonly limits: PeerLimits;
  readonly drainTimeoutMs: number;
  readonly accept: (connection: Connection) => void;
}

/** The accepting side of one UDP port. */
export class QuicListener implements Listener {
  readonly #server: QuicServer;
  readonly #options: QuicListenerDeps;
  readonly #connections = new Set<QuicConnection>();
  readonly #shared = { turns: new Turns(), watch: new WindowWatch() };
  #address: Address = { host: '', port: 0 };
  #closing: Promise<void> | undefined;

  constructor(server: QuicServer, options: QuicListenerDeps) {
    this.#server = server;
    this.#options = options;
    server.on('session', (session) => this.#accept(session));
    // These errors are failed handshakes, which concern no connection.
    server.on('error', () => {});
  }

  get host(): string {
    return this.#address.host;
  }

  get port(): number {
    return this.#address.port;
  }

  listensAt(address: Address): void {
    this.#address = address;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  #accept(session: QuicServerSession): void {
    const connection = new QuicConnection(session, {
      remote: { host: session.remoteAddress, port: session.remotePort },
      limits: this.#options.limits,
      drainTimeoutMs: this.#options.drainTimeoutMs,
      place: new Place(session, this.#shared),
    });
    this.#connections.add(connection);
    connection.closed.then(() => this.#connections.delete(connection));
    if (this.#closing) connection.close(0, 'listener closed');
    else this.#options.accept(connection);
  }

  async #close(): Promise<void> {
    // The native close drops queued bytes, so every connection closes before it.
    while (this.#connections.size > 0) {
      await Promise.all([...this.#connections].map((connection) => connection.close(0, 'listener closed')));
    }
    await this.#server.close();
  }
}
