import type { Address, Connection, ConnectOptions, Listener, ListenOptions, Transport } from '@0k-sync/transport';

/** A transport on whose listener connections can be taken to somebody else, at the same address. */
export class DetourTransport implements Transport {
  /** Gets what connects from now on; undefined: the listener itself. */
  taker: ((connection: Connection) => void) | undefined;
  readonly #inner: Transport;

  constructor(inner: Transport) {
    this.#inner = inner;
  }

  connect(target: Address, options: ConnectOptions): Promise<Connection> {
    return this.#inner.connect(target, options);
  }

  listen(options: ListenOptions, accept: (connection: Connection) => void): Promise<Listener> {
    return this.#inner.listen(options, (connection) => (this.taker ?? accept)(connection));
  }
}
