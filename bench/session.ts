import { initiatorChannel, type RecordChannel } from '@0k-sync/core/channel';
import type { CryptoProvider, RandomSource } from '@0k-sync/core/crypto';
import { randomDraws } from '@0k-sync/core/noise';
import { helloTranscript } from '@0k-sync/core/session';
import { type FrameBody, FrameReader, FrameWriter } from '@0k-sync/core/wire';
import { patterns } from '@0k-sync/generated/patterns';
import type { Address, ByteStream, Connection, Transport } from '@0k-sync/transport';
import type { Device } from './fixture.ts';

const HELLO_REQUEST = 1;
const CONNECT_TIMEOUT_MS = 30_000;

/** Called with each frame that the relay sends. */
export type OnFrame = (requestId: number, body: FrameBody) => void;

/** Encodes one frame with its length, as a record carries it. */
export function encodeFrame(requestId: number, body: FrameBody): Uint8Array {
  const writer = new FrameWriter();
  writer.write({ requestId, body });
  return writer.take() ?? new Uint8Array(0);
}

/**
 * A bare hybrid session: real QUIC, real Noise, real records, and above them no engine and no stores, so that what loads
 * the relay costs little. Frames are encoded beforehand; answers pass the strict wire walk.
 */
export class BenchSession {
  readonly #channel: RecordChannel;
  readonly #connection: Connection;
  readonly #stream: ByteStream;
  readonly #reader = new FrameReader('relay');
  readonly #ready = Promise.withResolvers<void>();
  #onFrame: OnFrame = (_, body) => {
    if (body.$case === 'helloAck') this.#ready.resolve();
    else this.#ready.reject(new Error(`the relay answered Hello with ${body.$case}`));
  };

  private constructor(connection: Connection, channel: (send: (bytes: Uint8Array) => void) => RecordChannel) {
    this.#connection = connection;
    this.#stream = connection.openStream();
    this.#channel = channel((bytes) => this.#stream.write(bytes));
    this.#stream.receive({
      data: (bytes) => this.#channel.receive(bytes),
      end: () => {},
      closed: (code) => this.#fail(`the relay closed the stream with ${code}`),
    });
  }

  /** Resolves once the relay has let the device in. */
  static async open(
    transport: Transport,
    address: Address,
    crypto: CryptoProvider,
    random: RandomSource,
    device: Device,
  ): Promise<BenchSession> {
    const connection = await transport.connect(address, {
      alpn: patterns.hybrid.alpn,
      timeoutMs: CONNECT_TIMEOUT_MS,
    });
    const config = {
      crypto,
      draws: randomDraws(random),
      staticKeys: device.staticKeys,
      suite: 'hybrid',
      checkPeer: () => undefined,
    } as const;
    const session = new BenchSession(connection, (send) =>
      initiatorChannel(config, {
        send,
        ready: ({ handshakeHash }) => session.#hello(device, handshakeHash),
        plaintext: (bytes) => session.#receive(bytes),
        failed: (error) => session.#fail(`the channel failed: ${error}`),
      }),
    );
    session.#channel.begin();
    await session.#ready.promise;
    return session;
  }

  /** Sets the listener that gets every frame from now on. */
  listen(onFrame: OnFrame): void {
    this.#onFrame = onFrame;
  }

  /** Sends encoded frames. */
  send(frames: Uint8Array): void {
    this.#channel.send(frames);
  }

  close(): Promise<void> {
    this.#ready.promise.catch(() => {});
    return this.#connection.close(0);
  }

  #hello({ keys, epoch, enrolment }: Device, handshakeHash: Uint8Array): void {
    const signature = keys.sign(helloTranscript(handshakeHash, epoch.groupId));
    const { groupId } = epoch;
    const value = { groupId, deviceKey: keys.deviceKey, signature, accessToken: '', enrolment };
    this.send(encodeFrame(HELLO_REQUEST, { $case: 'hello', value }));
  }

  #receive(bytes: Uint8Array): boolean {
    this.#reader.push(bytes);
    for (let read = this.#reader.next(); read !== undefined; read = this.#reader.next()) {
      if (!read.ok) {
        this.#fail(read.detail);
        return false;
      }
      if (read.frame.body !== undefined) this.#onFrame(read.frame.requestId, read.frame.body);
    }
    return true;
  }

  #fail(message: string): void {
    this.#ready.reject(new Error(message));
  }
}
