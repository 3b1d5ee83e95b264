import type { ChannelInfo, ChannelListener, RecordChannel } from '@0k-sync/core/channel';
import { type FrameBody, FrameReader, FrameWriter } from '@0k-sync/core/wire';
import type { ErrorName } from '@0k-sync/generated/errors';
import type { Frame } from '@0k-sync/generated/wire/frame';
import type { ByteStream, Connection } from '@0k-sync/transport';
import { FrameLog } from '../log/frame-log.ts';
import { PATIENCE_MS, within } from '../time/waiting.ts';
import { Arrivals } from './arrivals.ts';
import { Ended, HandshakeFailed } from './errors.ts';
import { FrameWaits } from './frame-waits.ts';

/** The end of a connection. */
export interface End {
  /** Application error number; 0 is none. */
  readonly code: number;
  /** True if the connection vanished without a close. */
  readonly lost: boolean;
  /** Time of the end, ms, monotonic. */
  readonly at: number;
}

/** Changes bytes that an end sends, by their index. */
export type Mangle = (bytes: Uint8Array, index: number) => Uint8Array;

/** Settings of a raw end. */
export interface RawEndConfig {
  /** The other end. */
  readonly other: 'client' | 'relay';
  readonly makeChannel: (listener: ChannelListener) => RecordChannel;
  /** Changes what the channel sends; nothing by default. */
  readonly outgoing?: (bytes: Uint8Array) => Uint8Array;
  /** Log of the frames; that of the running test by default. */
  readonly frames?: FrameLog | undefined;
  /** Longest wait of every method that is given no deadline, ms; PATIENCE_MS by default, Infinity for none. */
  readonly patienceMs?: number | undefined;
}

/** One end of a control stream that says what a test tells it, in any order, and records what comes. */
export class RawEnd extends FrameWaits {
  readonly connection: Connection;
  readonly stream: ByteStream;
  /** Resolves when the connection is gone. */
  readonly ended: Promise<End>;
  /** Resolves when the other end has finished its side of the stream, or the connection is gone. */
  readonly streamEnded: Promise<void>;
  /** Number with which the stream was reset or its connection closed; undefined while it stands. */
  streamClosed: number | undefined;
  /** The keys that the handshake proved; undefined before its end. */
  info: ChannelInfo | undefined;
  /** The error after which this end reads no further; undefined while it reads. */
  failure: ErrorName | undefined;
  protected readonly channel: RecordChannel;
  readonly #frames: FrameLog;
  readonly #reader: FrameReader;
  readonly #ready = Promise.withResolvers<ChannelInfo>();
  readonly #arrivals = new Arrivals();
  #onFrame: (frame: Frame) => void = (frame) => this.inbox.put(frame);
  #sealed: Uint8Array[] | undefined;
  #nextRequestId = 1;

  constructor(connection: Connection, stream: ByteStream, config: RawEndConfig) {
    super(config.patienceMs ?? PATIENCE_MS);
    this.connection = connection;
    this.stream = stream;
    this.#frames = config.frames ?? new FrameLog();
    this.#reader = new FrameReader(config.other);
    this.#ready.promise.catch(() => {});
    this.channel = config.makeChannel(this.#listener(config.outgoing ?? ((bytes) => bytes)));
    const { promise: streamEnded, resolve } = Promise.withResolvers<void>();
    this.streamEnded = streamEnded;
    this.ended = connection.closed.then(({ code, lost }) => {
      this.#frames.note('←', lost ? 'the connection is lost' : `the connection is closed with ${code}`);
      this.inbox.end(code);
      this.#ready.reject(new Ended(code));
      resolve();
      return { code, lost, at: performance.now() };
    });
    stream.receive({
      data: (bytes) => this.#arrived(bytes),
      end: () => resolve(),
      closed: (code) => {
        this.#frames.note('←', `the stream is closed with ${code}`);
        this.streamClosed = code;
        resolve();
      },
    });
  }

  /** Waits for the end of the handshake. Rejects with HandshakeFailed, Ended or TimedOut. */
  ready(deadlineMs = this.patienceMs): Promise<ChannelInfo> {
    return within(this.#ready.promise, 'handshake', deadlineMs);
  }

  /** Waits for the end of the connection. Rejects with TimedOut. */
  gone(deadlineMs = this.patienceMs): Promise<End> {
    return within(this.ended, 'close', deadlineMs);
  }

  /** Waits for the end of the connection. @returns the number of the close */
  async closed(deadlineMs = this.patienceMs): Promise<number> {
    return (await this.gone(deadlineMs)).code;
  }

  /** Gives every frame that comes from now on to `onFrame` instead of the inbox. */
  listen(onFrame: (frame: Frame) => void): void {
    this.#onFrame = onFrame;
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

  /** The records of a piece of the frame stream, unsent. The counter of records moves on. */
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

  /** A request_id that this end has not used. */
  takeRequestId(): number {
    const requestId = this.#nextRequestId;
    this.#nextRequestId += 1;
    return requestId;
  }

  /** The first bytes of the control stream as they came, once there are as many or the connection is gone. */
  receivedRaw(bytes: number, deadlineMs = this.patienceMs): Promise<Uint8Array> {
    return this.#arrivals.first(bytes, this.ended, deadlineMs);
  }

  /** Bytes of the control stream so far. */
  get receivedBytes(): number {
    return this.#arrivals.count;
  }

  /** Closes the connection with an application error number; 0 is none. */
  async close(code = 0): Promise<void> {
    this.channel.close();
    await this.connection.close(code);
  }

  #listener(outgoing: (bytes: Uint8Array) => Uint8Array): ChannelListener {
    return {
      send: (bytes) => {
        if (this.#sealed === undefined) this.#write(outgoing(bytes));
        else this.#sealed.push(bytes);
      },
      ready: (info) => {
        this.#frames.note('←', 'the handshake is done');
        const { x25519, mlkem768 } = info.peer;
        const peer = { x25519: x25519.slice(), mlkem768: mlkem768?.slice() };
        this.info = { ...info, peer, handshakeHash: info.handshakeHash.slice() };
        this.#ready.resolve(this.info);
      },
      plaintext: (bytes) => this.#read(bytes),
      failed: (error) => {
        this.failure = error;
        this.#frames.note('←', `what ends the channel: ${error}`);
        this.#ready.reject(new HandshakeFailed(error));
      },
    };
  }

  /** Logs the bytes of the handshake, which are evidence too. */
  #write(bytes: Uint8Array): void {
    if (this.info === undefined) this.#frames.bytes('→', 'handshake', bytes);
    this.stream.write(bytes);
  }

  #arrived(bytes: Uint8Array): void {
    if (this.info === undefined) this.#frames.bytes('←', 'handshake', bytes);
    this.#arrivals.take(bytes);
    if (this.failure === undefined) this.channel.receive(bytes);
  }

  #read(bytes: Uint8Array): boolean {
    this.#reader.push(bytes);
    for (let read = this.#reader.next(); read !== undefined; read = this.#reader.next()) {
      if (!read.ok) {
        this.failure = read.error;
        this.#frames.bytes('←', `what no frame may be (${read.error})`, bytes);
        return false;
      }
      this.#frames.frame('←', read.frame);
      this.#onFrame(read.frame);
    }
    return true;
  }
}
