import { responderChannel } from '@0k-sync/core/channel';
import { randomDraws } from '@0k-sync/core/noise';
import { patterns } from '@0k-sync/generated/patterns';
import type { Address, Connection, Listener, Transport } from '@0k-sync/transport';
import { crypto, random } from '../crypto/provider.ts';
import { FrameLog } from '../log/frame-log.ts';
import { type RelayKeys, relayKeys } from '../relay/keys.ts';
import { RawEnd } from './raw-end.ts';

export interface RawRelayOptions {
  readonly transport: Transport;
  /** 32 bytes; random when left out. */
  readonly seed?: Uint8Array;
  /** Changes what the handshake sends: 0 is the first message of this end, with its length. */
  readonly mangle?: (bytes: Uint8Array, index: number) => Uint8Array;
  /** Gets each connection with its control stream; the handshake goes by itself. */
  readonly accept: (end: RawEnd) => void;
}

/** A listener whose connections say what they are told to: for what a relay's engine would never send. */
export class RawRelay {
  readonly keys: RelayKeys;
  address: Address = { host: '', port: 0 };
  readonly #options: RawRelayOptions;
  /** Connections come from outside of the test that made this. */
  readonly #frames = new FrameLog();
  #listener: Listener | undefined;

  constructor(options: RawRelayOptions) {
    this.#options = options;
    this.keys = relayKeys(crypto, options.seed ?? random(32));
  }

  async listen(host = '127.0.0.1', port = 0): Promise<Address> {
    const alpns = [patterns.hybrid.alpn, patterns.classical.alpn];
    this.#listener = await this.#options.transport.listen({ host, port, alpns }, (connection) => {
      connection.onStream((stream) => this.#options.accept(this.#end(connection, stream)));
    });
    this.address = { host: this.#listener.host, port: this.#listener.port };
    return this.address;
  }

  async stop(): Promise<void> {
    await this.#listener?.close();
  }

  #end(connection: Connection, stream: RawEnd['stream']): RawEnd {
    let sent = 0;
    const { mangle } = this.#options;
    const config = { crypto, draws: randomDraws(random), staticKeys: this.keys.noise };
    return new RawEnd(connection, stream, {
      other: 'client',
      makeChannel: (listener) => responderChannel(config, listener),
      outgoing: (bytes) => {
        sent += 1;
        return mangle === undefined ? bytes : mangle(bytes, sent - 1);
      },
      frames: this.#frames,
    });
  }
}
