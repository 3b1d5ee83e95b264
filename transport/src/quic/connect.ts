import type { QuicClientSession } from '@currentspace/http3';
import { resolveLimits } from '../limits.ts';
import type { Address, ConnectOptions } from '../port.ts';
import { resolveHost } from './address.ts';
import { nativeStreamsMax, type QuicConfig } from './config.ts';
import { QuicConnection } from './connection.ts';
import { connectError, handshakeError, refusedError } from './errors.ts';
import { loadHttp3, type NativeClose, RUNTIME } from './http3.ts';
import { interruptAfter } from './interruption.ts';
import { probeRefusal } from './probe.ts';

const DEFAULT_TIMEOUT_MS = 10_000;

/** Dials a listener and waits until the QUIC handshake is complete. */
export async function connect(target: Address, options: ConnectOptions, config: QuicConfig): Promise<QuicConnection> {
  const limits = resolveLimits(options.limits);
  const interruption = interruptAfter(target, options.timeoutMs ?? DEFAULT_TIMEOUT_MS, options.signal);
  try {
    const loading = Promise.all([loadHttp3(), resolveHost(target.host)]);
    const [http3, address] = await Promise.race([interruption.interrupted, loading]);
    // The object form of the address: the string form cannot carry IPv6.
    const session = http3.connectQuic(
      { address, port: target.port, servername: target.host },
      {
        ...RUNTIME,
        alpn: [options.alpn], // WI-21
        rejectUnauthorized: false, // WI-22
        connectTimeoutMs: 0,
        maxIdleTimeoutMs: config.idleTimeoutMs,
        initialMaxStreamsBidi: nativeStreamsMax(limits),
      },
    );
    const connection = new QuicConnection(session, { remote: target, limits, drainTimeoutMs: config.drainTimeoutMs });
    await untilReady(session, { target, address, alpn: options.alpn }, interruption.interrupted);
    keepAlive(connection, config.keepAliveMs);
    return connection;
  } catch (error) {
    throw connectError(target, error);
  } finally {
    interruption.stop();
  }
}

interface Attempt {
  readonly target: Address;
  readonly address: string;
  readonly alpn: string;
}

async function untilReady(session: QuicClientSession, attempt: Attempt, interrupted: Promise<never>): Promise<void> {
  let close: NativeClose | undefined;
  session.on('close', (info) => {
    close = info;
  });
  const probe = probeRefusal(attempt.address, attempt.target.port);
  const refused = probe.refused.catch((error: unknown) => Promise.reject(refusedError(attempt.target, error)));
  try {
    await Promise.race([session.ready(), refused, interrupted]);
  } catch (error) {
    // This is read before our own close overwrites it.
    const endedByPeer = close;
    await session.close();
    throw endedByPeer ? handshakeError(attempt.target, attempt.alpn, endedByPeer) : error;
  } finally {
    probe.stop();
  }
}

/** Pings from the dialling end, so that the connection never idles out (RFC 9000 section 10.1.2). */
function keepAlive(connection: QuicConnection, intervalMs: number): void {
  const timer = setInterval(() => connection.ping(), intervalMs);
  timer.unref();
  connection.closed.then(() => clearInterval(timer));
}
