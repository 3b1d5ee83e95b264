import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

/** Decides about each datagram: false loses it. */
export interface ProxyRules {
  readonly toServer?: (datagram: Uint8Array) => boolean;
  readonly toClient?: (datagram: Uint8Array) => boolean;
}

/** Forwards datagrams to a UDP port of this machine and back, as far as the rules let it. */
export async function startProxy(target: number, { toServer = () => true, toClient = () => true }: ProxyRules) {
  const front = createSocket('udp4');
  const backs = new Map<number, Socket>();
  front.on('message', (datagram, from) => {
    let back = backs.get(from.port);
    if (!back) {
      back = createSocket('udp4');
      back.on('message', (answer) => {
        if (toClient(answer)) front.send(answer, from.port, from.address);
      });
      backs.set(from.port, back);
    }
    if (toServer(datagram)) back.send(datagram, target, '127.0.0.1');
  });
  front.bind(0, '127.0.0.1');
  await once(front, 'listening');
  return {
    host: '127.0.0.1',
    port: front.address().port,
    close() {
      for (const socket of [front, ...backs.values()]) socket.close();
    },
  };
}
