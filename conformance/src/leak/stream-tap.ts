import { concat } from '@0k-sync/core/bytes';
import { patterns } from '@0k-sync/generated/patterns';
import type { Address, ByteStream, Connection, Listener, Transport } from '@0k-sync/transport';

const ALPNS = [patterns.hybrid.alpn, patterns.classical.alpn];

/**
 * Ends TLS between clients and a relay, and keeps a copy of what it carries. Any certificate is accepted, because TLS is
 * the outer coat only: this is what somebody sees who has taken it off.
 */
export class StreamTap {
  readonly #transport: Transport;
  readonly #target: Address;
  readonly #pieces: Uint8Array[] = [];
  #listener: Listener | undefined;

  private constructor(transport: Transport, target: Address) {
    this.#transport = transport;
    this.#target = target;
  }

  static async open(transport: Transport, target: Address): Promise<StreamTap> {
    const tap = new StreamTap(transport, target);
    tap.#listener = await transport.listen({ host: '127.0.0.1', port: 0, alpns: ALPNS }, (client) => tap.#join(client));
    return tap;
  }

  /** The address that clients dial instead of the target's. */
  get address(): Address {
    if (this.#listener === undefined) throw new TypeError('the tap is not open');
    return { host: this.#listener.host, port: this.#listener.port };
  }

  /** Every byte of every stream of both directions, in the order seen. */
  get captured(): Uint8Array {
    return concat(...this.#pieces);
  }

  async close(): Promise<void> {
    await this.#listener?.close();
  }

  #join(client: Connection): void {
    // The relay learns of the version from the preface, so either ALPN serves here. WI-03.
    const relay = this.#transport.connect(this.#target, { alpn: patterns.hybrid.alpn });
    relay.then(
      (connection) => {
        void client.closed.then(({ code }) => connection.close(code));
        void connection.closed.then(({ code }) => client.close(code));
      },
      () => void client.close(0),
    );
    client.onStream((stream) => {
      const onward = relay.then((connection) => connection.openStream());
      // Calls that wait for the relay's stream run in the order in which they were made.
      const later = (act: (to: ByteStream) => void): void => void onward.then(act, () => undefined);
      later((to) => this.#carry(to, (act) => act(stream)));
      this.#carry(stream, later);
    });
  }

  #carry(from: ByteStream, onto: (act: (to: ByteStream) => void) => void): void {
    from.receive({
      data: (bytes) => {
        // Copied: a stream owns what is written to it.
        this.#pieces.push(bytes.slice());
        onto((to) => to.write(bytes));
      },
      end: () => onto((to) => to.end()),
      closed: () => onto((to) => to.end()),
    });
  }
}
