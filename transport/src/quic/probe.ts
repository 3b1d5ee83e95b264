import { createSocket } from 'node:dgram';
import { isIPv6 } from 'node:net';

/** One byte: shorter than any QUIC packet, so a listener drops it (RFC 9000 section 5.2). */
const PROBE = Uint8Array.of(0);

/** A test of a UDP port that is under way. */
export interface RefusalProbe {
  /** Rejects with ECONNREFUSED if the host reports that nothing listens at the port; otherwise stays pending. */
  readonly refused: Promise<never>;
  stop(): void;
}

/**
 * Tests a UDP port for a listener. QUIC ignores ICMP errors and would wait for its timeout; a connected socket of
 * Node's reports them at once.
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
