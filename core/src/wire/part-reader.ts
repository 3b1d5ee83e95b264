import type { Failure } from './failure.ts';

/**
 * Measures the part that begins at `start`, its length prefix included. Undefined when the bytes before `end` do not
 * show the length yet. A failure ends the stream.
 */
export type Measure = (bytes: Uint8Array, start: number, end: number) => number | Failure | undefined;

const EMPTY = new Uint8Array(0);
const CAPACITY_MIN = 64;

/**
 * Cuts a byte stream that arrives in pieces of any size into parts that begin with their length: records, handshake
 * messages, frames. A part that lies whole in one piece is a view of it. Bytes of any other part are copied once, into
 * memory that grows with what was received and never with what was declared. WI-11.
 */
export class PartReader {
  readonly #measure: Measure;
  #piece: Uint8Array = EMPTY;
  #position = 0;
  /** The beginning of a part whose rest has not arrived, in `#held[0 .. #heldLength)`. */
  #held: Uint8Array = EMPTY;
  #heldLength = 0;
  #failure: Failure | undefined;

  constructor(measure: Measure) {
    this.#measure = measure;
  }

  /** True when the stream stands between two parts. WI-12. */
  get isEmpty(): boolean {
    return this.#heldLength === 0 && this.#position === this.#piece.length;
  }

  /** The memory of a part whose rest has not arrived, bytes. */
  get heldBytes(): number {
    return this.#held.length;
  }

  /** Adds the next piece. Take all parts of the piece before it first; otherwise it throws a TypeError. */
  push(piece: Uint8Array): void {
    if (this.#position !== this.#piece.length) throw new TypeError('parts of the last piece wait to be taken');
    if (this.#failure !== undefined) return;
    this.#piece = piece;
    this.#position = 0;
  }

  /** Takes the next part with its prefix. Undefined when bytes are missing. A failure stays. */
  next(): Uint8Array | Failure | undefined {
    if (this.#failure !== undefined) return this.#failure;
    return this.#heldLength > 0 ? this.#completeHeld() : this.#takeFromPiece();
  }

  #takeFromPiece(): Uint8Array | Failure | undefined {
    const start = this.#position;
    const end = this.#piece.length;
    if (start === end) return this.#letGo();
    const length = this.#measure(this.#piece, start, end);
    if (isFailure(length)) return this.#stop(length);
    if (length !== undefined && length <= end - start) {
      this.#position = start + length;
      return this.#piece.subarray(start, start + length);
    }
    this.#hold(end - start);
    return this.#letGo();
  }

  #completeHeld(): Uint8Array | Failure | undefined {
    for (;;) {
      const length = this.#measure(this.#held, 0, this.#heldLength);
      if (isFailure(length)) return this.#stop(length);
      if (length === this.#heldLength) return this.#release();
      const missing = length === undefined ? 1 : length - this.#heldLength;
      const available = Math.min(missing, this.#piece.length - this.#position);
      if (available === 0) return this.#letGo();
      this.#hold(available);
    }
  }

  /** Moves `count` bytes of the piece to the held part. */
  #hold(count: number): void {
    const needed = this.#heldLength + count;
    if (needed > this.#held.length) {
      const grown = new Uint8Array(Math.max(CAPACITY_MIN, needed, 2 * this.#held.length));
      grown.set(this.#held.subarray(0, this.#heldLength));
      this.#held = grown;
    }
    this.#held.set(this.#piece.subarray(this.#position, this.#position + count), this.#heldLength);
    this.#heldLength = needed;
    this.#position += count;
  }

  /** Releases a piece that was read: the next one may come hours later. */
  #letGo(): undefined {
    this.#piece = EMPTY;
    this.#position = 0;
  }

  #release(): Uint8Array {
    const part = this.#held.subarray(0, this.#heldLength);
    this.#held = EMPTY;
    this.#heldLength = 0;
    return part;
  }

  #stop(failure: Failure): Failure {
    this.#failure = failure;
    this.#letGo();
    this.#held = EMPTY;
    this.#heldLength = 0;
    return failure;
  }
}

function isFailure(value: number | Failure | undefined): value is Failure {
  return typeof value === 'object';
}
