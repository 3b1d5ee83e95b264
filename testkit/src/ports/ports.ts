import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Ports that no system gives to a socket by itself: between the moment that a port is found free and the moment that it is
 * used, only another caller of this file can take it.
 */
const [PORT_MIN, PORT_MAX] = [15_000, 32_000] as const;

/** A UDP port of the loopback interface that nobody uses now. */
export function freeUdpPort(): Promise<number> {
  return freePort(async (port) => {
    const socket = createSocket('udp4').bind(port, '127.0.0.1');
    await once(socket, 'listening');
    socket.close();
    await once(socket, 'close');
  });
}

/** A TCP port of the loopback interface that nobody uses now. */
export function freeTcpPort(): Promise<number> {
  return freePort(async (port) => {
    const server = createServer().listen(port, '127.0.0.1');
    await once(server, 'listening');
    server.close();
    await once(server, 'close');
  });
}

/** A port at random on which `listen` succeeds. */
async function freePort(listen: (port: number) => Promise<void>): Promise<number> {
  for (;;) {
    const port = randomInt(PORT_MIN, PORT_MAX);
    try {
      await listen(port);
      return port;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    }
  }
}
