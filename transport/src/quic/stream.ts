import { Inbox } from '../inbox.ts';
import type { ByteStream, StreamHandler } from '../port.ts';
import { WriteQueue } from '../write-queue.ts';
import { codeOfStreamError } from './errors.ts';
import type { NativeStream } from './http3.ts';
import type { SendWindow } from './send-window.ts';

/** The connection that a stream belongs to. */
export interface StreamOwner {
  /** True when a reset reaches this connection; otherwise the connection is gone. */
  readonly canReset: boolean;
  /** Runs a task that writes, at the end of the turn, unless the connection is gone. */
  atEndOfTurn(task: () => void): void;
  /** Called at every event of the native side. */
  heard(): void;
  received(bytes: number): void;
  /** Bounds what the native side holds. */
  readonly window: SendWindow;
  /** Called when bytes were handed to the native side. */
  handed(bytes: number): void;
  forget(stream: QuicStream): void;
}

/** One QUIC stream. */
export class QuicStream implements ByteStream {
  readonly inbox = new Inbox();
  readonly #native: NativeStream;
  readonly #owner: StreamOwner;
  readonly #queue = new WriteQueue();
  #handedBytes = 0;
  #isFlushScheduled = false;
  #sending: 'open' | 'ending' | 'ended' | 'reset' = 'open';

  constructor(native: NativeStream, owner: StreamOwner) {
    this.#native = native;
    this.#owner = owner;
    // Chunks are taken as they enter. Readable would hold them until the next tick, and drop them if the session closes in
    // the same batch of native events.
    native.push = (chunk: Uint8Array | null) => {
      if (chunk === null) this.#arrivedEnd();
      else this.#arrived(chunk);
      return true;
    };
    native.once('end', () => this.#arrivedEnd());
    native.on('error', (error) => this.finish(codeOfStreamError(error)));
    native.once('close', () => this.finish(0));
  }

  /** Takes what the native stream received before this object existed. */
  takeEarly(): void {
    const early: Uint8Array | null = this.#native.read();
    if (early) this.#arrived(early);
  }

  /** True when both directions reached their end, so that everything written was sent. */
  get isComplete(): boolean {
    return this.#sending === 'ended' && this.inbox.hasEnded;
  }

  get bufferedBytes(): number {
    return this.#queue.bytes + this.#handedBytes;
  }

  write(bytes: Uint8Array): void {
    if (this.#sending !== 'open' || this.inbox.isClosed || bytes.length === 0) return;
    this.#queue.push(bytes);
    this.#scheduleFlush();
  }

  receive(handler: StreamHandler): void {
    this.inbox.attach(handler);
  }

  end(): void {
    if (this.#sending !== 'open' || this.inbox.isClosed) return;
    this.#sending = 'ending';
    this.#scheduleFlush();
  }

  reset(code: number): void {
    if (this.#sending === 'reset' || this.inbox.isClosed) return;
    this.#sending = 'reset';
    this.inbox.mute();
    this.#queue.clear();
    // `destroy` would send nothing.
    if (this.#owner.canReset) this.#native.close(code);
    queueMicrotask(() => this.finish(code));
  }

  /** Hands the native stream as many of the queued bytes as it has room for. */
  #flush(): void {
    if (this.inbox.isClosed) return;
    const { window } = this.#owner;
    const chunk = this.#queue.take(this.#queue.bytes === 0 ? 0 : window.room);
    const bytes = chunk.length;
    this.#handedBytes += bytes;
    this.#owner.handed(bytes);
    if (this.#queue.bytes === 0 && this.#sending === 'ending' && !this.#native.writableEnded) {
      this.#native.end(bytes === 0 ? undefined : chunk, undefined, () => this.#leftEnd(bytes));
    } else if (bytes > 0) {
      this.#native.write(chunk, (error) => {
        if (!error) this.#left(bytes);
      });
    }
    if (this.#queue.bytes > 0) window.whenRoom(() => this.#scheduleFlush());
  }

  /** Ends both directions at this end. */
  finish(code: number): void {
    if (this.inbox.isClosed) return;
    this.#queue.clear();
    this.#handedBytes = 0;
    this.#native.destroy();
    this.#owner.forget(this);
    this.inbox.closed(code);
  }

  /**
   * Flushes at the end of the turn. One write per turn is cheaper, and a native write inside a native callback can lose
   * its own callback for ever.
   */
  #scheduleFlush(): void {
    if (this.#isFlushScheduled) return;
    this.#isFlushScheduled = true;
    this.#owner.atEndOfTurn(() => {
      this.#isFlushScheduled = false;
      this.#flush();
    });
  }

  #arrived(chunk: Uint8Array): void {
    this.#owner.heard();
    // A plain Uint8Array, because slice() of a Buffer shares memory.
    this.inbox.data(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    this.#owner.received(chunk.byteLength);
  }

  #arrivedEnd(): void {
    this.inbox.end();
    this.#finishWhenBothEnded();
  }

  #left(bytes: number): void {
    this.#handedBytes = Math.max(0, this.#handedBytes - bytes);
    if (this.bufferedBytes === 0) this.inbox.drain();
  }

  #leftEnd(bytes: number): void {
    if (this.inbox.isClosed) return;
    this.#left(bytes);
    this.#sending = 'ended';
    this.#finishWhenBothEnded();
  }

  #finishWhenBothEnded(): void {
    if (this.isComplete) this.finish(0);
  }
}
