import { Buffer } from 'node:buffer';

const NEWLINE = 0x0a;

/** Cuts a stream of bytes into lines of at most `bytesMax` bytes without their newline; text that is not UTF-8 throws. */
export class LineSplitter {
  readonly #bytesMax: () => number;
  readonly #decoder = new TextDecoder('utf-8', { fatal: true });
  #parts: Uint8Array[] = [];
  #length = 0;

  constructor(bytesMax: () => number) {
    this.#bytesMax = bytesMax;
  }

  /** The lines that `chunk` completes. Throws a RangeError for a line that is too long, a TypeError for bytes that are no UTF-8. */
  *push(chunk: Uint8Array): Generator<string> {
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      this.#keep(chunk.subarray(from, end));
      from = end + 1;
      yield this.#take();
    }
    this.#keep(chunk.subarray(from));
  }

  #keep(part: Uint8Array): void {
    this.#length += part.length;
    if (this.#length > this.#bytesMax()) throw new RangeError(`a line is longer than ${this.#bytesMax()} bytes`);
    if (part.length > 0) this.#parts.push(part);
  }

  #take(): string {
    const line = this.#parts.length === 1 ? this.#parts[0] : Buffer.concat(this.#parts);
    this.#parts = [];
    this.#length = 0;
    return this.#decoder.decode(line);
  }
}
