import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { concat } from '@0k-sync/core/bytes';
import type { Address } from '@0k-sync/transport';

const LOOPBACK = '127.0.0.1';
/** A run of the oracle is a few megabytes; more is the caller's mistake. */
const CAPTURED_BYTES_MAX = 256 * 1024 * 1024;

/** A UDP proxy on loopback that keeps a copy of every datagram: what somebody on the network sees. */
export class PacketTap {
  readonly #front: Socket;
  readonly #target: Address;
  readonly #routes = new Map<string, Socket>();
  readonly #datagrams: Uint8Array[] = [];
  #bytes = 0;

  private constructor(front: Socket, target: Address) {
    this.#front = front;
    this.#target = target;
    front.on('message', (datagram, sender) => this.#forward(datagram, sender));
  }

  static async open(target: Address): Promise<PacketTap> {
    const front = createSocket('udp4');
    front.bind(0, LOOPBACK);
    await once(front, 'listening');
    return new PacketTap(front, target);
  }

  /** The address that clients dial instead of the target's. */
  get address(): Address {
    return { host: LOOPBACK, port: this.#front.address().port };
  }

  /** Every datagram of both directions, one behind the other. */
  get captured(): Uint8Array {
    return concat(...this.#datagrams);
  }

  close(): void {
    this.#front.close();
    for (const route of this.#routes.values()) route.close();
  }

  #forward(datagram: Uint8Array, sender: RemoteInfo): void {
    this.#keep(datagram);
    this.#routeOf(sender).send(datagram, this.#target.port, this.#target.host);
  }

  #routeOf(sender: RemoteInfo): Socket {
    const key = `${sender.address}:${sender.port}`;
    const known = this.#routes.get(key);
    if (known !== undefined) return known;
    const route = createSocket('udp4');
    route.on('message', (datagram) => {
      this.#keep(datagram);
      this.#front.send(datagram, sender.port, sender.address);
    });
    this.#routes.set(key, route);
    return route;
  }

  #keep(datagram: Uint8Array): void {
    this.#bytes += datagram.length;
    if (this.#bytes > CAPTURED_BYTES_MAX) throw new RangeError('more packets than a run of the oracle has');
    this.#datagrams.push(datagram);
  }
}
