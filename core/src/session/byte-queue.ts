/** Received bytes that wait until enough of them are there; each byte is copied at most once. */
export class ByteQueue {
  #chunks: Uint8Array[] = [];
  /** Bytes of the first chunk that were taken already. */
  #offset = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#chunks.push(bytes);
    this.#length += bytes.length;
  }

  /** The big-endian u16 at the front, which stays; undefined while there are fewer than 2 bytes. */
  peekU16(): number | undefined {
    const first = this.#byteAt(0);
    const second = this.#byteAt(1);
    return first === undefined || second === undefined ? undefined : (first << 8) | second;
  }

  /** Takes `count` bytes, a view where they lie in one chunk; undefined, and nothing taken, while there are fewer. */
  take(count: number): Uint8Array | undefined {
    if (this.#length < count) return undefined;
    this.#length -= count;
    const first = this.#chunks[0];
    if (first !== undefined && first.length - this.#offset >= count) return this.#takeFromFirst(first, count);
    const out = new Uint8Array(count);
    for (let filled = 0; filled < count; ) {
      const chunk = this.#chunks[0] as Uint8Array;
      const part = this.#takeFromFirst(chunk, Math.min(count - filled, chunk.length - this.#offset));
      out.set(part, filled);
      filled += part.length;
    }
    return out;
  }

  #takeFromFirst(chunk: Uint8Array, count: number): Uint8Array {
    const part = chunk.subarray(this.#offset, this.#offset + count);
    this.#offset += count;
    if (this.#offset === chunk.length) {
      this.#chunks.shift();
      this.#offset = 0;
    }
    return part;
  }

  #byteAt(index: number): number | undefined {
    let position = this.#offset + index;
    for (const chunk of this.#chunks) {
      if (position < chunk.length) return chunk[position];
      position -= chunk.length;
    }
    return undefined;
  }
}
