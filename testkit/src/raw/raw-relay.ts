import { patterns } from '@0k-sync/generated/patterns';
import type { Address, Listener, Transport } from '@0k-sync/transport';
import { crypto, random } from '../crypto/provider.ts';
import { FrameLog } from '../log/frame-log.ts';
import { type RelayKeys, relayKeys } from '../relay/keys.ts';
import type { Mangle, RawEnd } from './raw-end.ts';
import { relayEnd } from './relay-end.ts';

/** Settings of a raw relay. */
export interface RawRelayConfig {
  readonly transport: Transport;
  /** 32 bytes; random by default. */
  readonly seed?: Uint8Array;
  /** Changes what the handshake sends: 0 is the first message of this end, with its length. */
  readonly mangle?: Mangle;
  /** Gets the relay's end of each control stream. The handshake runs by itself. */
  readonly accept: (end: RawEnd) => void;
}

/** A listener whose connections a test drives by hand, for what a relay's engine would never send. */
export class RawRelay {
  readonly keys: RelayKeys;
  /** The address where it listens. */
  address: Address = { host: '', port: 0 };
  readonly #config: RawRelayConfig;
  /** Made here, because connections arrive outside of the test. */
  readonly #frames = new FrameLog();
  #listener: Listener | undefined;

  constructor(config: RawRelayConfig) {
    this.#config = config;
    this.keys = relayKeys(crypto, config.seed ?? random(32));
  }

  /** Listens; a port of 0 takes any free one. */
  async listen(host = '127.0.0.1', port = 0): Promise<Address> {
    const config = { staticKeys: this.keys.noise, mangle: this.#config.mangle, frames: this.#frames };
    const alpns = [patterns.hybrid.alpn, patterns.classical.alpn];
    this.#listener = await this.#config.transport.listen({ host, port, alpns }, (connection) => {
      connection.onStream((stream) => this.#config.accept(relayEnd(connection, stream, config)));
    });
    this.address = { host: this.#listener.host, port: this.#listener.port };
    return this.address;
  }

  /** Closes every connection and stops listening. */
  async stop(): Promise<void> {
    await this.#listener?.close();
  }
}
