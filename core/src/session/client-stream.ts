import {
  FRAME_BYTES_MAX,
  RECORD_BYTES_MAX,
  STRANGER_FRAME_BYTES_MAX,
  STRANGER_RECORD_BYTES_MAX,
} from '@0k-sync/generated/limits';
import { type ChannelConfig, type ChannelListener, type RecordChannel, responderChannel } from '../channel/index.ts';
import { type Failure, FrameReader, type ReadFrame } from '../wire/index.ts';

/** The part of a client's stream that one step of the relay reads. */
export type Step = 'message' | 'record' | 'frame';

/** A client's control stream as the relay reads and writes it: a channel with frames in its records. */
export class ClientStream {
  readonly #channel: RecordChannel;
  readonly #reader = new FrameReader('client');
  #isReady = false;

  constructor(config: ChannelConfig, listener: Omit<ChannelListener, 'plaintext'>) {
    this.#reader.frameBytesMax = STRANGER_FRAME_BYTES_MAX;
    this.#channel = responderChannel(config, {
      send: (bytes) => listener.send(bytes),
      ready: (info) => {
        this.#isReady = true;
        this.#channel.recordBytesMax = STRANGER_RECORD_BYTES_MAX;
        listener.ready(info);
      },
      plaintext: (bytes) => {
        this.#reader.push(bytes);
        return true;
      },
      failed: (error) => listener.failed(error),
    });
  }

  /** True when the stream stands between two frames. WI-12. */
  get isEmpty(): boolean {
    return this.#channel.isEmpty && this.#reader.isEmpty;
  }

  /** The memory of a frame and a record that are not whole yet, bytes. */
  get heldBytes(): number {
    return this.#channel.heldBytes + this.#reader.heldBytes;
  }

  /** Takes frames and records of the full length from now on, because the client is no stranger any more. RL-70. */
  letIn(): void {
    this.#reader.frameBytesMax = FRAME_BYTES_MAX;
    this.#channel.recordBytesMax = RECORD_BYTES_MAX;
  }

  /** Adds the next piece. Take everything before it first, with `next`. */
  push(bytes: Uint8Array): void {
    this.#channel.push(bytes);
  }

  /** Takes the next frame, or opens the next record or message. Undefined when bytes are missing. */
  next(): ReadFrame | Failure | Exclude<Step, 'frame'> | undefined {
    const read = this.#reader.next();
    if (read !== undefined) return read;
    const part = this.#isReady ? 'record' : 'message';
    return this.#channel.next() ? part : undefined;
  }

  /** Seals frames and sends them. */
  send(plaintext: Uint8Array): void {
    this.#channel.send(plaintext);
  }

  /** Wipes the keys. */
  close(): void {
    this.#channel.close();
  }
}
