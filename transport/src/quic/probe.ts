import { createSocket } from 'node:dgram';
import { isIPv6 } from 'node:net';

/** Shorter than any QUIC packet, so a listener drops it (RFC 9000 section 5.2). */
const PROBE = Uint8Array.of(0);

export interface RefusalProbe {
  /** Rejects with ECONNREFUSED if the host says that nothing listens at the port; otherwise stays pending. */
  readonly refused: Promise<never>;
  stop(): void;
}

/**
 * Asks whether a UDP port is closed. QUIC itself leaves ICMP errors aside and would wait for its timeout; a connected
 * socket of the system's own reports them at once.
 */
export function probeRefusal(address: string, port: number): RefusalProbe {
  const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => {});
  const onError = (error: NodeJS.ErrnoException) => {
    if (error.code === 'ECONNREFUSED') reject(error);
  };
  socket.on('error', onError);
  socket.unref();
  let isStopped = false;
  socket.connect(port, address, () => {
    if (!isStopped) socket.send(PROBE, () => {});
  });
  return {
    refused: promise,
    stop() {
      if (isStopped) return;
      isStopped = true;
      socket.close();
    },
  };
}
