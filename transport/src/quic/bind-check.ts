import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';
import type { Address } from '../port.ts';

/**
 * Binds the UDP port for a moment with a socket of the system's own. Rejects with the system's error. A native listener
 * that failed to bind cannot be disposed of and would keep the process from ending, so it is not even tried.
 */
export async function checkBindable({ host, port }: Address): Promise<void> {
  const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4');
  try {
    socket.bind({ address: host, port, exclusive: true });
    await once(socket, 'listening');
  } finally {
    socket.close();
  }
}
