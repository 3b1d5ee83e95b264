import type { ByteStream, PeerLimits } from './port.ts';

/** A stream in the set of its connection's streams. */
export interface TrackedStream extends ByteStream {
  readonly inbox: { readonly unreadBytes: number };
}

/** The live streams of one connection, the limits on those the peer opens, and the handler that gets them. */
export class Streams<Stream extends TrackedStream> {
  readonly #limits: PeerLimits;
  readonly #all = new Set<Stream>();
  readonly #ofPeer = new Set<Stream>();
  #waiting: Stream[] = [];
  #handler: ((stream: ByteStream) => void) | undefined;

  constructor(limits: PeerLimits) {
    this.#limits = limits;
  }

  *[Symbol.iterator](): IterableIterator<Stream> {
    yield* [...this.#all];
  }

  add(stream: Stream): void {
    this.#all.add(stream);
  }

  /** Tracks a stream that the peer opened; `announce` gives it to the handler. @returns false above the limit */
  admit(stream: Stream): boolean {
    if (this.#ofPeer.size >= this.#limits.streamsMax) return false;
    this.#ofPeer.add(stream);
    this.#all.add(stream);
    return true;
  }

  announce(stream: Stream): void {
    if (this.#handler) this.#handler(stream);
    else this.#waiting.push(stream);
  }

  attach(handler: (stream: ByteStream) => void): void {
    if (this.#handler) throw new TypeError('onStream: this connection has a handler already');
    this.#handler = handler;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const stream of waiting) handler(stream);
  }

  delete(stream: Stream): void {
    this.#all.delete(stream);
    this.#ofPeer.delete(stream);
  }

  /** True when more bytes wait for handlers than the limits allow. */
  hasTooMuchUnread(): boolean {
    let unread = 0;
    for (const stream of this.#all) unread += stream.inbox.unreadBytes;
    return unread > this.#limits.unreadBytesMax;
  }
}
