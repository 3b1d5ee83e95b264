import type { ByteStream, Connection, StreamHandler } from '@0k-sync/transport';

/** A stream's handler that records what it is told, and lets tests wait for it. */
export class Recorder implements StreamHandler {
  readonly chunks: Uint8Array[] = [];
  /** `data` once for each run of pieces, `end`, and `closed` with its number. */
  readonly events: string[] = [];
  /** Bytes so far. */
  bytes = 0;
  /** Resolves when the peer has finished its side. */
  readonly ended: Promise<void>;
  /** Resolves with the number of the reset or close. */
  readonly closedWith: Promise<number>;
  /** Called when everything written was taken. */
  onDrain: () => void = () => {};
  readonly #resolveEnded: () => void;
  readonly #resolveClosed: (code: number) => void;
  readonly #onData: (bytes: Uint8Array) => void;
  #wanted: { bytes: number; resolve: () => void } | undefined;

  constructor(onData: (bytes: Uint8Array) => void = () => {}) {
    this.#onData = onData;
    const ended = Promise.withResolvers<void>();
    const closed = Promise.withResolvers<number>();
    this.ended = ended.promise;
    this.closedWith = closed.promise;
    this.#resolveEnded = ended.resolve;
    this.#resolveClosed = closed.resolve;
  }

  data(bytes: Uint8Array): void {
    this.chunks.push(bytes);
    this.bytes += bytes.length;
    if (this.events.at(-1) !== 'data') this.events.push('data');
    this.#onData(bytes);
    if (this.#wanted && this.bytes >= this.#wanted.bytes) this.#wanted.resolve();
  }

  end(): void {
    this.events.push('end');
    this.#resolveEnded();
  }

  closed(code: number): void {
    this.events.push(`closed ${code}`);
    this.#resolveClosed(code);
  }

  drain(): void {
    this.onDrain();
  }

  /** All bytes, once there are that many. */
  async received(bytes: number): Promise<Uint8Array> {
    if (this.bytes < bytes) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wanted = { bytes, resolve };
      await promise;
    }
    return this.whole();
  }

  /** All bytes so far. */
  whole(): Uint8Array {
    return Buffer.concat(this.chunks);
  }
}

/** Attaches a recorder; `onData` is called after each piece. */
export function record(stream: ByteStream, onData: (bytes: Uint8Array) => void = () => {}): Recorder {
  const recorder = new Recorder(onData);
  stream.receive(recorder);
  return recorder;
}

/** A stream and its recorder. */
export interface Recorded {
  readonly stream: ByteStream;
  readonly recorder: Recorder;
}

/** The first stream the peer opens, recorded from its first byte. */
export function firstStream(connection: Connection): Promise<Recorded> {
  return new Promise((resolve) => connection.onStream((stream) => resolve({ stream, recorder: record(stream) })));
}
