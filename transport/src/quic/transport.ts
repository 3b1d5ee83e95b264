import type { Address, Connection, ConnectOptions, Listener, ListenOptions, Transport } from '../port.ts';
import { DEFAULT_CONFIG, type QuicConfig } from './config.ts';
import { connect } from './connect.ts';
import { listen } from './listen.ts';
import { isWildcard, localAddresses } from './local-addresses.ts';
import { WildcardListener } from './wildcard-listener.ts';

/**
 * QUIC v1 (RFC 9000) by the optional peer dependency @currentspace/http3, which loads at the first use.
 *
 * A peer feels no backpressure: everything is read and handed to the handlers at once. Sessions above grant credit and
 * can read `receivedBytes`. A dialled connection costs a thread. A listener serves about 500 connections; more
 * connections need several listeners, each in a thread of its own (started with `env: SHARE_ENV`). A wildcard address is
 * listened on with one socket per address of the machine.
 */
export class QuicTransport implements Transport {
  readonly #config: QuicConfig;

  constructor(config: Partial<QuicConfig> = {}) {
    this.#config = { ...DEFAULT_CONFIG, ...config };
  }

  connect(target: Address, options: ConnectOptions): Promise<Connection> {
    return connect(target, options, this.#config);
  }

  listen(options: ListenOptions, accept: (connection: Connection) => void): Promise<Listener> {
    const listenAt = (address: Address) => listen({ ...options, ...address }, accept, this.#config);
    const { host } = options;
    if (!isWildcard(host)) return listenAt(options);
    return WildcardListener.open({ addresses: () => localAddresses(host), listen: listenAt }, options);
  }
}
