import type { ByteStream, Connection, Listener, ListenOptions, StreamHandler, Transport } from '../src/index.ts';

/** Records what a stream's owner is told, and lets tests wait for it. */
export class Recorder implements StreamHandler {
  readonly chunks: Uint8Array[] = [];
  readonly events: string[] = [];
  bytes = 0;
  readonly ended: Promise<void>;
  readonly closedWith: Promise<number>;
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

  /** Resolves once that many bytes came in all. */
  async received(bytes: number): Promise<Uint8Array> {
    if (this.bytes < bytes) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wanted = { bytes, resolve };
      await promise;
    }
    return this.whole();
  }

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

export interface Recorded {
  readonly stream: ByteStream;
  readonly recorder: Recorder;
}

/** The first stream the peer opens, recorded from its first byte. */
export function firstStream(connection: Connection): Promise<Recorded> {
  return new Promise((resolve) => connection.onStream((stream) => resolve({ stream, recorder: record(stream) })));
}

export interface Pair {
  readonly client: Connection;
  readonly server: Connection;
  readonly listener: Listener;
}

export const ALPN = '/0k-sync/2';

export interface Ends {
  readonly dialer: Transport;
  readonly acceptor: Transport;
  readonly host: string;
}

/** A listener and one connection to it. */
export async function connectPair(ends: Ends, options: Partial<ListenOptions> = {}): Promise<Pair> {
  const accepted = Promise.withResolvers<Connection>();
  const listening = { host: ends.host, port: 0, alpns: ['/0k-sync/1', ALPN], ...options };
  const listener = await ends.acceptor.listen(listening, accepted.resolve);
  const client = await ends.dialer.connect(listener, { alpn: ALPN });
  return { client, server: await accepted.promise, listener };
}

/** Bytes that differ by position and by seed. */
export function pattern(length: number, seed = 1): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let index = 0; index < length; index += 1) bytes[index] = (index * 31 + (index >>> 8) * 7 + seed) & 0xff;
  return bytes;
}

export function text(string: string): Uint8Array {
  return new TextEncoder().encode(string);
}

/** Sends back whatever comes, and ends when the peer does. */
export function echo(stream: ByteStream): void {
  stream.receive({
    data: (bytes) => stream.write(bytes),
    end: () => stream.end(),
    closed: () => {},
  });
}
