import { concat, utf8 } from '@0k-sync/core/bytes';
import { RecordChannel } from '@0k-sync/core/channel';
import { keyPairs, randomDraws } from '@0k-sync/core/noise';
import { type FrameBody, FrameReader, FrameWriter } from '@0k-sync/core/wire';
import { LABEL_HELLO } from '@0k-sync/generated/labels';
import { patterns, type SuiteName } from '@0k-sync/generated/patterns';
import type { Frame, HelloAck, LogSegment, PushAck } from '@0k-sync/generated/wire/frame';
import type { Address, ByteStream, Connection, Transport } from '@0k-sync/transport';
import { crypto, random, type TestDevice } from './device.ts';

export type Case<K extends FrameBody['$case']> = Extract<FrameBody, { $case: K }>['value'];

/** A peer that says what it is told to, in whatever order: a handshake, then frames by hand. */
export class RawClient {
  readonly connection: Connection;
  readonly stream: ByteStream;
  /** Close code, once the connection is gone. */
  readonly closed: Promise<number>;
  readonly #channel: RecordChannel;
  readonly #reader = new FrameReader('relay');
  readonly #frames: Frame[] = [];
  readonly #waiting: { resolve(frame: Frame): void; reject(error: Error): void }[] = [];
  #handshakeHash = new Uint8Array(0);
  #nextRequestId = 1;
  readonly #ready = Promise.withResolvers<void>();
  #isClosed = false;
  /** X25519 static that the relay proved. */
  nodeId = new Uint8Array(0);

  constructor(connection: Connection, suite: SuiteName = 'hybrid') {
    this.connection = connection;
    this.stream = connection.openStream();
    this.closed = connection.closed.then(({ code }) => {
      this.#isClosed = true;
      for (const { reject } of this.#waiting) reject(new Error(`closed with ${code}`));
      this.#ready.reject(new Error(`closed with ${code}`));
      return code;
    });
    this.#ready.promise.catch(() => {});
    const mlkem = suite === 'hybrid' ? random(64) : undefined;
    this.#channel = RecordChannel.initiator(
      {
        crypto,
        suite,
        draws: randomDraws(random),
        staticKeys: keyPairs(crypto, random(32), mlkem),
        checkPeer: ({ x25519 }) => {
          this.nodeId = x25519.slice();
          return undefined;
        },
      },
      {
        send: (bytes) => this.stream.write(bytes),
        ready: ({ handshakeHash }) => {
          this.#handshakeHash = handshakeHash.slice();
          this.#ready.resolve();
        },
        plaintext: (bytes) => this.#read(bytes),
        failed: (error) => this.#ready.reject(new Error(error)),
      },
    );
    this.stream.receive({ data: (bytes) => this.#channel.receive(bytes), end: () => {}, closed: () => {} });
  }

  static async connect(transport: Transport, target: Address, suite: SuiteName = 'hybrid'): Promise<RawClient> {
    const connection = await transport.connect(target, { alpn: patterns[suite].alpn });
    const client = new RawClient(connection, suite);
    client.#channel.begin();
    await client.#ready.promise;
    return client;
  }

  /** Sends a frame under the next request_id, or the given one. @returns the request_id */
  send(body: FrameBody, requestId = this.#takeRequestId()): number {
    const writer = new FrameWriter();
    writer.write({ requestId, body });
    this.sendBytes(writer.take() ?? new Uint8Array(0));
    return requestId;
  }

  /** A piece of the frame stream as it is. */
  sendBytes(plaintext: Uint8Array): void {
    this.#channel.send(plaintext);
  }

  /** The next frame; rejects when the connection ends before one. */
  next(): Promise<Frame> {
    const frame = this.#frames.shift();
    if (frame !== undefined) return Promise.resolve(frame);
    if (this.#isClosed) return Promise.reject(new Error('closed'));
    const { promise, resolve, reject } = Promise.withResolvers<Frame>();
    this.#waiting.push({ resolve, reject });
    return promise;
  }

  /** The value of the next frame, which must be of that kind. */
  async expect<K extends FrameBody['$case']>($case: K): Promise<Case<K>> {
    const { body } = await this.next();
    if (body?.$case !== $case) throw new Error(`${body?.$case} instead of ${$case}: ${JSON.stringify(body, bigints)}`);
    return body.value as Case<K>;
  }

  /** The error number of the next frame. */
  async expectError(): Promise<number> {
    return (await this.expect('error')).code;
  }

  helloBody(device: TestDevice, enrolment = true, accessToken = ''): FrameBody {
    const { groupId, deviceKey } = device.keys;
    const signature = device.keys.sign(concat(utf8(LABEL_HELLO), this.#handshakeHash, groupId));
    const value = { groupId, deviceKey, signature, enrolment: enrolment ? device.enrolment : undefined, accessToken };
    return { $case: 'hello', value };
  }

  hello(device: TestDevice, enrolment = true, accessToken = ''): Promise<HelloAck> {
    this.send(this.helloBody(device, enrolment, accessToken));
    return this.expect('helloAck');
  }

  push(device: TestDevice, count = 1, text = 'hello'): Promise<PushAck> {
    this.send({ $case: 'push', value: { items: device.items(count, text) } });
    return this.expect('pushAck');
  }

  async pull(after = 0, hashAtAfter: Uint8Array = new Uint8Array(0), bytesMax = 512 * 1024): Promise<LogSegment> {
    this.send({ $case: 'pull', value: { after: BigInt(after), hashAtAfter, bytesMax } });
    const { segment } = await this.expect('page');
    if (segment === undefined) throw new Error('a page without a segment');
    return segment;
  }

  subscribe(after: number, creditBytes: number, hashAtAfter: Uint8Array = new Uint8Array(0)): number {
    return this.send({ $case: 'subscribe', value: { after: BigInt(after), hashAtAfter, creditBytes } });
  }

  async deliver(): Promise<LogSegment> {
    const { segment } = await this.expect('deliver');
    if (segment === undefined) throw new Error('a Deliver without a segment');
    return segment;
  }

  async bye(): Promise<number> {
    this.send({ $case: 'bye', value: {} }, 0);
    return this.closed;
  }

  async close(): Promise<void> {
    await this.connection.close(0);
  }

  #takeRequestId(): number {
    const requestId = this.#nextRequestId;
    this.#nextRequestId += 1;
    return requestId;
  }

  #read(bytes: Uint8Array): boolean {
    this.#reader.push(bytes);
    for (let read = this.#reader.next(); read !== undefined; read = this.#reader.next()) {
      if (!read.ok) throw new Error(`the relay sent what is no frame: ${read.detail}`);
      const waiting = this.#waiting.shift();
      if (waiting === undefined) this.#frames.push(read.frame);
      else waiting.resolve(read.frame);
    }
    return true;
  }
}

function bigints(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}
