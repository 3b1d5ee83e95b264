import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';
import type { Address } from '../port.ts';

/**
 * Binds the UDP port for a moment with a socket of Node's. Rejects with the system's error. This comes first, because a
 * native listener that failed to bind cannot be disposed of and keeps the process alive.
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
