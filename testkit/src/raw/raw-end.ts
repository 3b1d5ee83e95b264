import type { ChannelInfo, ChannelListener } from '@0k-sync/core/channel';
import { type FrameBody, FrameReader, FrameWriter } from '@0k-sync/core/wire';
import type { ErrorName } from '@0k-sync/generated/errors';
import type { Frame } from '@0k-sync/generated/wire/frame';
import type { ByteStream, Connection } from '@0k-sync/transport';
import { FrameLog } from '../log/frame-log.ts';
import { PATIENCE_MS, within } from '../time/waiting.ts';
import type { Case, Value } from '../wire/body.ts';
import { Ended, Inbox } from './inbox.ts';

/** How a connection ended. */
export interface End {
  /** Application error number; 0 is none. */
  readonly code: number;
  /** It vanished without a close. */
  readonly lost: boolean;
  /** When, ms, monotonic. */
  readonly at: number;
}

/** The other end's part of a handshake is not what this end can take. */
export class HandshakeFailed extends Error {
  override readonly name = 'HandshakeFailed';

  constructor(error: ErrorName) {
    super(`the handshake failed: ${error}`);
  }
}

interface Channel {
  receive(bytes: Uint8Array): void;
  send(plaintext: Uint8Array): void;
  close(): void;
}

/** One end of a control stream that says what it is told to, in whatever order, and records what comes. */
export class RawEnd<C extends Channel = Channel> {
  readonly connection: Connection;
  readonly stream: ByteStream;
  readonly inbox = new Inbox();
  /** Resolves when the connection is gone. */
  readonly ended: Promise<End>;
  /** Resolves when the other end has finished its side of the stream, or the connection is gone. */
  readonly streamEnded: Promise<void>;
  /** Number with which the stream was reset or its connection closed; undefined while it stands. */
  streamClosed: number | undefined;
  protected readonly channel: C;
  readonly #reader: FrameReader;
  readonly #frames: FrameLog;
  readonly #ready = Promise.withResolvers<ChannelInfo>();
  readonly #arrival: { bytes: number; waiting: { bytes: number; resolve(): void }[] } = { bytes: 0, waiting: [] };
  readonly #received: Uint8Array[] = [];
  #sealed: Uint8Array[] | undefined;
  #isOpen = false;
  #channelFailure: ErrorName | undefined;
  #nextRequestId = 1;

  /** @param other who is at the other end */
  constructor(
    connection: Connection,
    stream: ByteStream,
    other: 'client' | 'relay',
    makeChannel: (listener: ChannelListener) => C,
    outgoing: (bytes: Uint8Array) => Uint8Array = (bytes) => bytes,
    frames = new FrameLog(),
  ) {
    this.connection = connection;
    this.stream = stream;
    this.#reader = new FrameReader(other);
    this.#frames = frames;
    this.#ready.promise.catch(() => {});
    this.channel = makeChannel({
      send: (bytes) => {
        if (this.#sealed === undefined) this.#write(outgoing(bytes));
        else this.#sealed.push(bytes);
      },
      ready: (info) => {
        frames.note('←', 'the handshake is done');
        this.#isOpen = true;
        this.#ready.resolve({ ...info, handshakeHash: info.handshakeHash.slice() });
      },
      plaintext: (bytes) => this.#read(bytes),
      failed: (error) => {
        this.#channelFailure = error;
        frames.note('←', `what ends the channel: ${error}`);
        this.#ready.reject(new HandshakeFailed(error));
      },
    });
    const { promise: streamEnded, resolve } = Promise.withResolvers<void>();
    this.streamEnded = streamEnded;
    this.ended = connection.closed.then(({ code, lost }) => {
      frames.note('←', lost ? 'the connection is lost' : `the connection is closed with ${code}`);
      this.inbox.end(code);
      this.#ready.reject(new Ended(code));
      resolve();
      return { code, lost, at: performance.now() };
    });
    stream.receive({
      data: (bytes) => this.#arrived(bytes),
      end: () => resolve(),
      closed: (code) => {
        frames.note('←', `the stream is closed with ${code}`);
        this.streamClosed = code;
        resolve();
      },
    });
  }

  /** Why this end can read no further, if it cannot. */
  get failure(): ErrorName | undefined {
    return this.#channelFailure;
  }

  /** What the handshake proved. Rejects when it fails, with Ended or TimedOut. */
  ready(deadlineMs = PATIENCE_MS): Promise<ChannelInfo> {
    return within(this.#ready.promise, 'handshake', deadlineMs);
  }

  /** How the connection ended; rejects with TimedOut when it stands on. */
  gone(deadlineMs = PATIENCE_MS): Promise<End> {
    return within(this.ended, 'close', deadlineMs);
  }

  /** Sends a frame, under the next request_id unless one is given. @returns the request_id */
  send(body: FrameBody, requestId = this.takeRequestId()): number {
    this.sendFrames({ requestId, body });
    return requestId;
  }

  /** Sends frames in one piece. */
  sendFrames(...frames: readonly Frame[]): void {
    const writer = new FrameWriter();
    for (const frame of frames) {
      this.#frames.frame('→', frame);
      writer.write(frame);
    }
    this.channel.send(writer.take() ?? new Uint8Array(0));
  }

  /** Sends a piece of the frame stream as it is, in records that open. */
  sendPlaintext(plaintext: Uint8Array): void {
    this.#frames.bytes('→', 'plaintext', plaintext);
    this.channel.send(plaintext);
  }

  /** The records of a piece of the frame stream, unsent; the counter moves on. */
  seal(plaintext: Uint8Array): Uint8Array {
    this.#frames.bytes('→', 'sealed, not yet sent', plaintext);
    this.#sealed = [];
    this.channel.send(plaintext);
    const [records = new Uint8Array(0)] = this.#sealed;
    this.#sealed = undefined;
    return records;
  }

  /** Sends bytes of the control stream as they are. */
  sendRaw(bytes: Uint8Array): void {
    this.#frames.bytes('→', 'bytes', bytes);
    this.stream.write(bytes.slice());
  }

  takeRequestId(): number {
    const requestId = this.#nextRequestId;
    this.#nextRequestId += 1;
    return requestId;
  }

  /** The next frame that nobody took. Rejects with Ended or TimedOut. */
  next(deadlineMs = PATIENCE_MS): Promise<Frame> {
    return this.inbox.take(() => true, 'frame', deadlineMs);
  }

  /** The frame that answers a request, whatever kind it is. */
  async answer(requestId: number, deadlineMs = PATIENCE_MS): Promise<FrameBody> {
    const what = `answer to request ${requestId}`;
    return bodyOf(await this.inbox.take((frame) => frame.requestId === requestId, what, deadlineMs));
  }

  /** The value of the next frame of that kind. */
  async expect<K extends Case>($case: K, deadlineMs = PATIENCE_MS): Promise<Value<K>> {
    const frame = await this.inbox.take(({ body }) => body?.$case === $case, $case, deadlineMs);
    return bodyOf(frame).value as Value<K>;
  }

  /** The first bytes of the control stream as they came, once there are as many or the connection is gone. */
  async receivedRaw(bytes: number, deadlineMs = PATIENCE_MS): Promise<Uint8Array> {
    if (this.#arrival.bytes < bytes) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#arrival.waiting.push({ bytes, resolve });
      await within(Promise.race([promise, this.ended]), `${bytes} bytes`, deadlineMs);
    }
    return Uint8Array.from(this.#received.flatMap((piece) => [...piece])).slice(0, bytes);
  }

  /** Bytes of the control stream so far. */
  get receivedBytes(): number {
    return this.#arrival.bytes;
  }

  async close(code = 0): Promise<void> {
    this.channel.close();
    await this.connection.close(code);
  }

  /** What is sent before there are frames is part of the evidence too. */
  #write(bytes: Uint8Array): void {
    if (!this.#isOpen) this.#frames.bytes('→', 'handshake', bytes);
    this.stream.write(bytes);
  }

  #arrived(bytes: Uint8Array): void {
    if (!this.#isOpen) this.#frames.bytes('←', 'handshake', bytes);
    this.#arrival.bytes += bytes.length;
    if (this.#arrival.bytes <= RAW_BYTES_KEPT) this.#received.push(bytes.slice());
    for (const { bytes: wanted, resolve } of this.#arrival.waiting) if (this.#arrival.bytes >= wanted) resolve();
    if (this.#channelFailure === undefined) this.channel.receive(bytes);
  }

  #read(bytes: Uint8Array): boolean {
    this.#reader.push(bytes);
    for (let read = this.#reader.next(); read !== undefined; read = this.#reader.next()) {
      if (!read.ok) {
        this.#channelFailure = read.error;
        this.#frames.bytes('←', `what no frame may be (${read.error})`, bytes);
        return false;
      }
      this.#frames.frame('←', read.frame);
      this.inbox.put(read.frame);
    }
    return true;
  }
}

/** Enough for a whole handshake. */
const RAW_BYTES_KEPT = 16_384;

function bodyOf({ body }: Frame): FrameBody {
  if (body === undefined) throw new TypeError('a frame that was read has a body');
  return body;
}
