import type { QuicServer } from '@currentspace/http3';
import { TransportError } from '../error.ts';
import { resolveLimits } from '../limits.ts';
import type { Address, Connection, Listener, ListenOptions } from '../port.ts';
import { resolveHost } from './address.ts';
import { checkBindable } from './bind-check.ts';
import { createCertificate } from './certificate.ts';
import { nativeStreamsMax, type QuicConfig } from './config.ts';
import { listenError } from './errors.ts';
import { loadHttp3, RUNTIME } from './http3.ts';
import { QuicListener } from './listener.ts';
import { withPrivateTemporaryFiles } from './private-files.ts';

/** Binds a UDP port and hands every connection that completes its QUIC handshake to `accept`. */
export async function listen(
  options: ListenOptions,
  accept: (connection: Connection) => void,
  config: QuicConfig,
): Promise<Listener> {
  const limits = resolveLimits(options.limits);
  try {
    const [http3, address] = await Promise.all([loadHttp3(), resolveHost(options.host)]);
    await checkBindable({ host: address, port: options.port });
    const certificate = await createCertificate(new Date());
    const server = http3.createQuicServer({
      ...RUNTIME,
      ...certificate,
      alpn: [...options.alpns], // WI-21
      // A Retry proves that a client owns its address before the client costs anything (RFC 9000 section 8.1.2).
      disableRetry: false,
      maxConnections: limits.connectionsMax,
      maxIdleTimeoutMs: config.idleTimeoutMs,
      initialMaxStreamsBidi: nativeStreamsMax(limits),
    });
    const listener = new QuicListener(server, { limits, drainTimeoutMs: config.drainTimeoutMs, accept });
    const bound = bind(server, { host: address, port: options.port });
    // The native side has read the key by now.
    certificate.key.fill(0);
    const { port } = await bound;
    listener.listensAt({ host: options.host, port });
    return listener;
  } catch (error) {
    throw listenError(options, error);
  }
}

/** Binds the port. In this call the native side writes the TLS key to a file with a guessable name and removes it. */
async function bind(server: QuicServer, { host, port }: Address): Promise<{ port: number }> {
  const { result, wasUsed } = withPrivateTemporaryFiles(() => server.listen(port, host));
  const bound = await result;
  if (wasUsed) return bound;
  await server.close();
  throw new TransportError(
    'unavailable',
    'a QUIC listener in this worker thread would write its TLS key where others can read it',
    'start the worker with env: SHARE_ENV',
  );
}
