import type { Connection, Listener, ListenOptions, Transport } from '@0k-sync/transport';

/** The application protocol of the tests. WI-21. */
export const ALPN = '/0k-sync/2';

/** Two transports that reach each other. */
export interface Ends {
  readonly dialer: Transport;
  readonly acceptor: Transport;
  /** The host at which `acceptor` listens. */
  readonly host: string;
}

/** Both ends of one connection. */
export interface ConnectionPair {
  readonly client: Connection;
  readonly server: Connection;
  readonly listener: Listener;
}

/** A listener and one connection to it. */
export async function connectPair(ends: Ends, options: Partial<ListenOptions> = {}): Promise<ConnectionPair> {
  const accepted = Promise.withResolvers<Connection>();
  const listening = { host: ends.host, port: 0, alpns: ['/0k-sync/1', ALPN], ...options };
  const listener = await ends.acceptor.listen(listening, accepted.resolve);
  const client = await ends.dialer.connect(listener, { alpn: ALPN });
  return { client, server: await accepted.promise, listener };
}
