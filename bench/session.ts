import type { CryptoProvider, RandomSource } from '@0k-sync/core/crypto';
import { keyPairs, randomDraws } from '@0k-sync/core/noise';
import { type ClientEvent, ClientSession } from '@0k-sync/core/session';
import type { FrameBody } from '@0k-sync/core/wire';
import type { Address, ByteStream, Connection, Transport } from '@0k-sync/transport';
import type { Device } from './fixture.ts';

const ALPN = '/0k-sync/2';

/** A bare hybrid session: the engine on a stream, without stores, so that the load costs little. */
export class BenchSession {
  readonly #engine: ClientSession;
  readonly #connection: Connection;
  readonly #stream: ByteStream;
  readonly #ready = Promise.withResolvers<void>();
  readonly #device: Device;
  #scheduled = false;
  /** Set by the owner. */
  onEvent: (event: ClientEvent) => void = () => {};

  private constructor(engine: ClientSession, connection: Connection, device: Device) {
    this.#engine = engine;
    this.#connection = connection;
    this.#device = device;
    this.#stream = connection.openStream();
    this.#stream.receive({
      data: (bytes) => {
        engine.receive(bytes, performance.now());
        this.#carryOut();
      },
      end: () => {},
      closed: (code) => this.#ready.reject(new Error(`the relay closed the stream with ${code}`)),
    });
    engine.start();
    this.#carryOut();
  }

  /** Resolves once the relay has let the device in. */
  static async open(
    transport: Transport,
    address: Address,
    crypto: CryptoProvider,
    random: RandomSource,
    device: Device,
  ): Promise<BenchSession> {
    const connection = await transport.connect(address, { alpn: ALPN, timeoutMs: 30_000 });
    const staticKeys = keyPairs(crypto, random(32), random(64));
    const config = {
      crypto,
      draws: randomDraws(random),
      staticKeys,
      suite: 'hybrid',
      checkPeer: () => undefined,
    } as const;
    const session = new BenchSession(new ClientSession(config, performance.now()), connection, device);
    await session.#ready.promise;
    return session;
  }

  /** Sends a request; what one turn asks leaves as one write. */
  request(body: FrameBody): number {
    const requestId = this.#engine.request(body);
    if (!this.#scheduled) {
      this.#scheduled = true;
      queueMicrotask(() => {
        this.#scheduled = false;
        this.#carryOut();
      });
    }
    return requestId;
  }

  close(): Promise<void> {
    return this.#connection.close(0);
  }

  #carryOut(): void {
    for (const output of this.#engine.takeOutputs()) {
      if (output.type === 'send') this.#stream.write(output.bytes);
      else if (output.type === 'event') this.#receiveEvent(output.event);
    }
  }

  #receiveEvent(event: ClientEvent): void {
    if (event.type === 'channel') {
      const { keys, enrolment } = this.#device;
      this.#engine.hello({
        groupId: this.#device.epoch.groupId,
        deviceKey: keys.deviceKey,
        sign: (message) => keys.sign(message),
        enrolment,
      });
      queueMicrotask(() => this.#carryOut());
    } else if (event.type === 'ready') this.#ready.resolve();
    else if (event.type === 'closed') this.#ready.reject(new Error(`the session ended: ${event.error}`));
    this.onEvent(event);
  }
}
