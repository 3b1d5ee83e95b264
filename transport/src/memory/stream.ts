import { Inbox } from '../inbox.ts';
import type { ByteStream, StreamHandler } from '../port.ts';
import { WriteQueue } from '../write-queue.ts';
import type { Lane, Schedule } from './lane.ts';

/** The connection that a stream belongs to. */
export interface StreamOwner {
  readonly lane: Lane;
  readonly schedule: Schedule;
  /** The longest piece in which bytes reach a handler. */
  readonly segmentBytes: number;
  /** True when the connection is over and nothing may arrive any more. */
  readonly isGone: boolean;
  /** Called at the peer's first bytes or end on this stream. @returns false when the stream is refused */
  admit(stream: MemoryStream): boolean;
  /** Called when bytes arrived on this stream. */
  received(bytes: number): void;
  forget(stream: MemoryStream): void;
}

/** One end of a stream between two connections of the same process. */
export class MemoryStream implements ByteStream {
  readonly inbox = new Inbox();
  readonly #owner: StreamOwner;
  readonly #queue = new WriteQueue();
  #peer: MemoryStream | undefined;
  #isAnnounced = false;
  #isFlushScheduled = false;
  #bytesOnLane = 0;
  #sending: 'open' | 'ending' | 'ended' = 'open';

  constructor(owner: StreamOwner) {
    this.#owner = owner;
  }

  /** Makes a stream of `opener` and its other end at `peer`, which `peer` has not announced yet. */
  static pair(opener: StreamOwner, peer: StreamOwner): MemoryStream {
    const near = new MemoryStream(opener);
    const far = new MemoryStream(peer);
    near.#peer = far;
    far.#peer = near;
    near.#isAnnounced = true;
    return near;
  }

  get bufferedBytes(): number {
    return this.#queue.bytes + this.#bytesOnLane;
  }

  write(bytes: Uint8Array): void {
    if (this.#sending !== 'open' || this.inbox.isClosed || bytes.length === 0) return;
    this.#queue.push(bytes);
    if (this.#isFlushScheduled) return;
    this.#isFlushScheduled = true;
    this.#owner.schedule(() => {
      this.#isFlushScheduled = false;
      this.flush();
    });
  }

  receive(handler: StreamHandler): void {
    this.inbox.attach(handler);
  }

  end(): void {
    if (this.#sending !== 'open' || this.inbox.isClosed) return;
    this.flush();
    this.#sending = 'ending';
    this.#send(
      (peer) => peer.#arrivedEnd(),
      () => this.#leftEnd(),
    );
  }

  reset(code: number): void {
    if (this.inbox.isClosed) return;
    this.inbox.mute();
    this.#queue.clear();
    this.#sending = 'ended';
    this.#send(
      (peer) => peer.finish(code),
      () => {},
    );
    this.#owner.schedule(() => this.finish(code));
  }

  /** Hands the queued bytes to the network. */
  flush(): void {
    if (this.#queue.bytes === 0) return;
    const bytes = this.#queue.take();
    this.#bytesOnLane += bytes.length;
    this.#send(
      (peer) => peer.#arrived(bytes),
      () => {
        this.#bytesOnLane -= bytes.length;
        if (this.bufferedBytes === 0) this.inbox.drain();
      },
    );
  }

  /** Ends both directions here, without telling the peer. */
  finish(code: number): void {
    if (this.inbox.isClosed) return;
    this.#queue.clear();
    this.#owner.forget(this);
    this.inbox.closed(code);
  }

  #send(deliver: (peer: MemoryStream) => void, taken: () => void): void {
    this.#owner.lane.send(() => {
      const peer = this.#peer;
      if (peer?.isReachable()) deliver(peer);
    }, taken);
  }

  /** True when this end can still receive; the peer's first bytes or end announce the stream. */
  isReachable(): boolean {
    if (this.#owner.isGone || this.inbox.isClosed) return false;
    if (this.#isAnnounced) return true;
    this.#isAnnounced = true;
    return this.#owner.admit(this);
  }

  #arrived(bytes: Uint8Array): void {
    const step = this.#owner.segmentBytes;
    for (let offset = 0; offset < bytes.length; offset += step) {
      const segment = bytes.slice(offset, offset + step);
      this.inbox.data(segment);
      this.#owner.received(segment.length);
    }
  }

  #arrivedEnd(): void {
    this.inbox.end();
    this.#finishWhenBothEnded();
  }

  #leftEnd(): void {
    this.#sending = 'ended';
    this.#finishWhenBothEnded();
  }

  #finishWhenBothEnded(): void {
    if (this.#sending === 'ended' && this.inbox.hasEnded) this.finish(0);
  }
}
